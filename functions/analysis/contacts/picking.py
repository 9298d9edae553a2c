"""«… лучше на первый», "the work one is better": which of several numbers is preferred, said after all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from functions.analysis.contacts.context import Around
from functions.analysis.contacts.evidence import Owner, Preference
from functions.analysis.contacts.phones_said import PhonesSaid
from functions.analysis.words import patterns

_PLACES: Final = {"перв": 0, "перш": 0, "first": 0, "former": 0, "втор": 1, "друг": 1, "second": 1} | {
    "трет": 2,
    "third": 2,
    "послед": -1,
    "апошн": -1,
    "last": -1,
    "latter": -1,
}


def pick(said: PhonesSaid, folded: str, phones: Sequence[tuple[str, Around]]) -> None:
    """Prefer what the turn picks of its phones, each with the words around it; none where it cannot be told."""
    if len({value for value, _near in phones}) < 2:  # noqa: PLR2004 — nothing to pick from
        return
    found = next((match for one in patterns("contacts", "picks") if (match := one.search(folded))), None)
    if found is None:
        return
    picked = _picked(found["which"], phones)
    if picked is not None and not (picked in said.found and said.found[picked].stands):
        picked = None
    for value in {value for value, _near in phones} & set(said.found):
        candidate = said.found[value]
        if picked is None and candidate.owner is not Owner.OTHER:
            said.found[value] = replace(candidate, owner=Owner.UNKNOWN)
        elif picked is not None:
            preference = Preference.PREFERRED if value == picked else Preference.SPARE
            said.found[value] = replace(candidate, preference=preference)


def _picked(which: str, phones: Sequence[tuple[str, Around]]) -> str | None:
    """The number at that place, or the one that was called so."""
    values = list(dict.fromkeys(value for value, _near in phones))
    place = _PLACES.get(which)
    if place is not None:
        return values[place] if place < len(values) else None
    named = {value for value, near in phones if which in near.lead or which in near.tail}
    return named.pop() if len(named) == 1 else None
