"""Which contact goes into the lead: a rule over what was given, said, collected and shown by the network.

Phones in order: given by the system that sent the call; read back and confirmed; the last valid one the caller said;
collected by the agent; a dynamic variable; the network's number, when the caller agreed to it or (by policy) did not
refuse. The others are kept beside the lead, not in it. A minor leaves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from functions.analysis.cleaning import clean_name
from functions.analysis.collected import FieldNames
from functions.analysis.contacts.candidates import Candidate
from functions.analysis.contacts.emails import valid_email
from functions.analysis.contacts.names import spoken_name
from functions.analysis.contacts.phones import is_ambiguous, normalised
from functions.analysis.instructions import order_begins
from functions.analysis.reading import CALLER_ID, Reading
from functions.analysis.settings import CallerIdPolicy
from postcall.domain.call import Contact, ContactValue

NONE_OF_THESE = "NONE_OF_THESE"  # a model's word: no candidate is the caller's own


@dataclass(frozen=True)
class Choice:
    """The contact, why a person should look at it, and the values that were not chosen."""

    contact: Contact
    flags: tuple[str, ...] = ()
    others: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What a model would choose: references, never values. `full_name` has been checked against what was said."""

    phone_ref: str | None = None
    email_ref: str | None = None
    full_name: str | None = None


def choose(
    reading: Reading,
    names: FieldNames,
    *,
    policy: CallerIdPolicy,
    is_minor: bool,
    do_not_contact: bool,
    wish: Wish | None = None,
) -> Choice:
    """Choose. `wish` moves a spoken candidate to the front unless a confirmed one stands against it."""
    if is_minor:
        return Choice(Contact(), flags=("caller_is_minor",))
    wish = wish or Wish()
    phones = _phones(reading, names, policy, wish, do_not_contact=do_not_contact)
    emails = _emails(reading, names, wish)
    flags: list[str] = []
    phone = phones[0] if phones else None
    if phone is None and reading.phone_is_incomplete:
        flags.append("phone_incomplete")
    if phone is not None and phone.source in {"spoken", "collected"} and _is_doubtful(phone.value, reading):
        flags.append("phone_doubtful")
    others = {
        "phones": [other.value for other in phones[1:] if phone is not None and other.value != phone.value],
        "emails": [other.value for other in emails[1:] if other.value != emails[0].value],
    }
    contact = Contact(_name(reading, names, wish), phone, emails[0] if emails else None)
    return Choice(contact, tuple(flags), {kind: values for kind, values in others.items() if values})


def _phones(
    reading: Reading,
    names: FieldNames,
    policy: CallerIdPolicy,
    wish: Wish,
    *,
    do_not_contact: bool,
) -> list[ContactValue]:
    regions = reading.mentions.regions
    call = reading.call
    given = call.contact.phone if call.contact.phone and call.contact.phone.source in {"given", "variable"} else None
    found: list[ContactValue] = []
    if given is not None and given.source == "given":
        found.append(ContactValue(normalised(given.value, regions) or given.value, "given"))
    agreed = reading.signs.agrees_to_caller_id
    caller_id = None if reading.caller_id is None else ContactValue(reading.caller_id, "telephony", verified=agreed)
    is_allowed = caller_id is not None and _may_stand(reading, policy, do_not_contact=do_not_contact)
    if caller_id is not None and is_allowed and wish.phone_ref == CALLER_ID and not _has_confirmed(reading.phones):
        found.append(caller_id)
    found += _spoken(reading.phones, wish.phone_ref)
    collected = names.contact_value(call.vendor.collected, "phone")
    found += _from_fields(collected, "collected", reading)
    if given is not None and given.source == "variable":
        found += _from_fields(given.value, "variable", reading)
    if caller_id is not None and caller_id not in found and is_allowed:
        # Agreeing to the number one calls from beats what the agent's model wrote down, not what was dictated.
        at = len(found) if not agreed else sum(value.source in {"given", "spoken"} for value in found)
        found.insert(at, caller_id)
    return found


def _may_stand(reading: Reading, policy: CallerIdPolicy, *, do_not_contact: bool) -> bool:
    """Whether the network's number may be the lead's: agreed to, or (by policy) not refused; a model has no say."""
    refused = reading.signs.hides_caller_id or reading.has_orders
    wanted = policy is CallerIdPolicy.UNLESS_REFUSED and not refused
    return (reading.signs.agrees_to_caller_id or wanted) and not do_not_contact


def _has_confirmed(candidates: Sequence[Candidate]) -> bool:
    return any(candidate.verified and not candidate.retracted for candidate in candidates)


def _spoken(candidates: Sequence[Candidate], wished: str | None) -> list[ContactValue]:
    """Confirmed ones first, then a model's wish, then the last said before earlier ones."""
    standing = [candidate for candidate in reversed(candidates) if not candidate.retracted]
    if wished == NONE_OF_THESE:
        standing = [candidate for candidate in standing if candidate.verified]
    ordered = sorted(standing, key=lambda candidate: (not candidate.verified, candidate.ref != wished))
    return [ContactValue(candidate.value, "spoken", verified=candidate.verified) for candidate in ordered]


def _from_fields(text: str | None, source: str, reading: Reading) -> list[ContactValue]:
    """A number that somebody's model or system wrote into a field: taken as it is only where nobody gave orders."""
    if text is None or order_begins(text) is not None:
        return []
    value = normalised(text, reading.mentions.regions)
    retracted = {phone.value for phone in reading.phones if phone.retracted}
    if value is not None:
        return [] if value in retracted else [ContactValue(value, source)]
    digits = "".join(character for character in text if character.isdigit())
    plausible = len(digits) >= 10 and not any(letter.isalpha() for letter in text) and not reading.has_orders  # noqa: PLR2004 — with an area code
    return [ContactValue(text.strip(), source)] if plausible else []


def _is_doubtful(value: str, reading: Reading) -> bool:
    return normalised(value, reading.mentions.regions) is None or is_ambiguous(value)


def _emails(reading: Reading, names: FieldNames, wish: Wish) -> list[ContactValue]:
    found: list[ContactValue] = []
    given = reading.call.contact.email
    if given is not None and given.source == "given":
        found.append(ContactValue(valid_email(given.value) or given.value, "given"))
    found += _spoken(reading.emails, wish.email_ref)
    fields = [("collected", names.contact_value(reading.call.vendor.collected, "email"))]
    if given is not None and given.source != "given":
        fields.append((given.source, given.value))
    for source, text in fields:
        value = None if text is None or order_begins(text) is not None else valid_email(text)
        if value is not None and value not in {one.value for one in found}:
            found.append(ContactValue(value, source))
    return found


def _name(reading: Reading, names: FieldNames, wish: Wish) -> ContactValue | None:
    """Given by our own system, then what a model heard, what the agent collected, a variable, what a rule finds."""
    known = reading.call.contact.full_name
    collected = names.contact_value(reading.call.vendor.collected, "full_name")
    by_rule = spoken_name(reading.turns)
    fuller = by_rule if by_rule and collected and len(by_rule.split()) > len(collected.split()) else None
    guesses = [
        ("given", known.value if known is not None and known.source == "given" else None),
        ("spoken", wish.full_name or fuller),
        ("collected", collected),
        ("variable", known.value if known is not None and known.source == "variable" else None),
        ("spoken", by_rule),
    ]
    for source, text in guesses:
        name = None if text is None or order_begins(text) is not None else clean_name(text)
        if name is not None:
            return ContactValue(name, source)
    return None
