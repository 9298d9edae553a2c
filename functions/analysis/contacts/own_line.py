"""The number that the caller rings from: whether they agree to be called back on it."""

from __future__ import annotations

from functions.analysis.contacts.phones_said import PhonesSaid
from functions.analysis.heuristics import confirms, denies
from functions.analysis.words import holds


def hear_own_line(said: PhonesSaid, folded: str, *, has_phones: bool) -> None:
    """A turn of the caller, who answers an offer or makes one; `has_phones` where it holds another number."""
    if said.network is None:
        return
    names_it = holds("contacts", "this_number", folded)
    if has_phones and not names_it:
        return
    if (said.offered or names_it) and (denies(folded) or _refuses(folded)):
        said.agreed = False
    elif (said.offered and confirms(folded)) or (names_it and not _is_a_question(folded)):
        said.agreed = True


def _refuses(folded: str) -> bool:
    """Whether a turn that names the number says not to use it."""
    return holds("contacts", "not_this_number", folded)


def _is_a_question(folded: str) -> bool:
    return "?" in folded
