"""Contacts that came in fields: given by our own system, collected by the voice agent, set as a dynamic variable.

What our own system gives is never dropped in silence; what another model wrote into a field counts only where it is a
contact beyond doubt and nobody gave it orders.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from functions.analysis.collected import is_placeholder
from functions.analysis.contacts.emails import spoken_emails, valid_email
from functions.analysis.contacts.evidence import Owner
from functions.analysis.contacts.phones import normalised
from functions.analysis.instructions import order_begins
from functions.analysis.preprocessing import PreparedCall
from postcall.domain.call import ContactValue

_FEWEST_DIGITS, _MOST_DIGITS = 5, 15  # of a number that may be one in a country we do not know


def given_phone(given: ContactValue | None, regions: tuple[str, ...]) -> Iterator[ContactValue]:
    """What our own system gave as a phone, if it can be one."""
    if given is None or given.source != "given":
        return
    value = normalised(given.value, regions)
    digits = "".join(character for character in given.value if character.isdigit())
    is_number = not any(character.isalpha() for character in given.value)
    if value is not None:
        yield ContactValue(value, "given")
    elif is_number and _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS and given.value.isprintable():
        yield ContactValue(given.value.strip().lstrip("=-@ "), "given")


def given_email(given: ContactValue | None) -> Iterator[ContactValue]:
    """What our own system gave as an address, if it is one."""
    if given is None or given.source != "given" or is_placeholder(given.value):
        return
    value = valid_email(given.value)
    if value is not None:
        yield ContactValue(value, "given")


def field_phones(texts: Sequence[str], source: str, prepared: PreparedCall) -> Iterator[ContactValue]:
    """Numbers that somebody's model or system wrote into fields."""
    out = {one.value for one in prepared.phones if one.retracted or one.owner is Owner.OTHER}
    out |= {one for one in prepared.hearing.phones_said.companys if one.startswith("+")}
    for text in texts:
        value = None if order_begins(text) is not None else normalised(text, prepared.regions)
        if value is not None and value not in out:
            yield ContactValue(value, source)


def field_email(text: str, source: str, prepared: PreparedCall) -> Iterator[ContactValue]:
    """An address that somebody's model or system wrote into a field, written or spelled out."""
    if order_begins(text) is not None or is_placeholder(text):
        return
    said = prepared.hearing.emails_said
    out = {one.value for one in prepared.emails if one.retracted or one.owner is Owner.OTHER} | set(said.companys)
    value = valid_email(text)
    if value is None:
        found = [one.address for one in spoken_emails(text) if one.address]
        value = found[0] if len(found) == 1 else None
    if value is not None and value not in out and not is_placeholder(value):
        yield ContactValue(value, source)
