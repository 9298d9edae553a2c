"""Which contact goes into the lead: the table of docs/analysis.md ("Contacts"), row by row.

The first row with a value wins; the others are kept beside the lead. A contact that may be wrong is left out and
flagged: a stranger's number costs more than none. A minor leaves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from functions.analysis.collected import FieldNames, is_placeholder
from functions.analysis.contacts.evidence import Candidate, Owner, Preference
from functions.analysis.contacts.fields import field_email, field_phones, given_email, given_phone
from functions.analysis.contacts.hearing import CALLER_ID
from functions.analysis.contacts.naming import Naming, chosen_name
from functions.analysis.contacts.phones import is_ambiguous
from functions.analysis.preprocessing import PreparedCall
from functions.analysis.settings import CallerIdPolicy
from postcall.domain.call import Contact, ContactValue

Belongs = Callable[[Candidate], bool]
NONE_OF_THESE = "NONE_OF_THESE"  # a model's word: no candidate is the caller's own
MOST_OTHERS = 20  # values kept beside a lead, of each kind


@dataclass(frozen=True)
class Choice:
    """The contact, why a person should look at it, the values that were not chosen, and words for the comment."""

    contact: Contact
    flags: tuple[str, ...] = ()
    others: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What a model would choose: references, never values. `full_name` has been checked against what was said."""

    phone_ref: str | None = None
    email_ref: str | None = None
    full_name: str | None = None


@dataclass(frozen=True)
class _Case:
    """All that a choice is made from."""

    prepared: PreparedCall
    names: FieldNames
    policy: CallerIdPolicy
    do_not_contact: bool
    wish: Wish

    @property
    def network(self) -> str | None:
        """The network's number where it may stand in the lead at all; a model has no say in that."""
        refused = self.prepared.heuristics.hides_caller_id or self.prepared.has_orders
        wanted = self.policy is CallerIdPolicy.UNLESS_REFUSED and not refused
        agreed = self.prepared.hearing.phones_said.agreed
        may = agreed is True or (wanted and agreed is None)
        return self.prepared.caller_id if may and not self.do_not_contact else None


def choose(
    prepared: PreparedCall,
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
    case = _Case(prepared, names, policy, do_not_contact, wish or Wish())
    phones, emails = _distinct(_phones(case)), _distinct(_emails(case))
    naming = chosen_name(prepared, names, case.wish.full_name)
    phone, email = next(iter(phones), None), next(iter(emails), None)
    others = {
        "phones": _beside(phones, [one.value for one in prepared.phones if one.owner is not Owner.OTHER]),
        "emails": _beside(emails, [one.value for one in prepared.emails if one.owner is not Owner.OTHER]),
    }
    flags = [*_phone_flags(case, phone), *_email_flags(case, email), *naming.flags]
    contact = Contact(naming.name, phone, email)
    return Choice(contact, tuple(flags), {kind: found for kind, found in others.items() if found}, _notes(case, naming))


def _phones(case: _Case) -> Iterator[ContactValue]:
    """Phones in the order of the table."""
    call, phones = case.prepared.call, case.prepared.phones
    wish, agreed = case.wish, case.prepared.hearing.phones_said.agreed
    network = None if case.network is None else ContactValue(case.network, "telephony", verified=agreed is True)
    yield from given_phone(call.contact.phone, case.prepared.regions)
    yield from _spoken(phones, lambda one: one.verified)
    if network is not None and wish.phone_ref == CALLER_ID:
        yield network
    if wish.phone_ref != NONE_OF_THESE:
        yield from _spoken(phones, lambda one: one.owner is Owner.CALLER and not one.doubtful, wish.phone_ref)
    if network is not None and agreed:
        yield network
    if case.prepared.caller_id is None and wish.phone_ref != NONE_OF_THESE:
        yield from _spoken(phones, lambda one: one.owner is Owner.NEUTRAL and not one.doubtful, wish.phone_ref)
    collected = case.names.contact_values(call.vendor.collected, "phone")
    yield from field_phones(collected, "collected", case.prepared)
    if call.contact.phone is not None and call.contact.phone.source == "variable":
        yield from field_phones([call.contact.phone.value], "variable", case.prepared)
    if network is not None:
        yield network
    if case.prepared.caller_id is None and wish.phone_ref != NONE_OF_THESE:
        yield from _spoken(phones, lambda one: one.doubtful, wish.phone_ref)


def _emails(case: _Case) -> Iterator[ContactValue]:
    """Addresses in the order of the table."""
    call, emails = case.prepared.call, case.prepared.emails
    yield from given_email(call.contact.email)
    yield from _spoken(emails, lambda one: one.verified)
    if case.wish.email_ref != NONE_OF_THESE:
        yield from _spoken(emails, lambda one: one.owner is Owner.CALLER, case.wish.email_ref)
        yield from _spoken(emails, lambda _: True, case.wish.email_ref)
    for value in case.names.contact_values(call.vendor.collected, "email"):
        yield from field_email(value, "collected", case.prepared)
    if call.contact.email is not None and call.contact.email.source != "given":
        yield from field_email(call.contact.email.value, call.contact.email.source, case.prepared)


def _spoken(candidates: Sequence[Candidate], belongs: Belongs, wished: str | None = None) -> Iterator[ContactValue]:
    """Those that may be the caller's: a model's wish first, then the preferred ones, then the last said."""
    standing = [one for one in reversed(candidates) if one.stands and belongs(one)]
    if _nobody_can_tell(standing, wished):
        return
    for one in sorted(standing, key=lambda one: (one.ref != wished, -one.preference)):
        yield ContactValue(one.value, "spoken", verified=one.verified)


def _nobody_can_tell(standing: Sequence[Candidate], wished: str | None) -> bool:
    """Two in one turn, neither confirmed nor preferred: one of them may be a stranger's."""
    best = max((one.preference for one in standing), default=Preference.PLAIN)
    rivals = [one for one in standing if one.preference is best and not one.verified]
    is_wished = any(one.ref == wished for one in rivals)
    return not is_wished and len(rivals) > 1 and len({one.turn for one in rivals}) == 1


def _distinct(values: Iterable[ContactValue]) -> list[ContactValue]:
    found: dict[str, ContactValue] = {}
    for one in values:
        found.setdefault(one.value, one)
    return list(found.values())


def _beside(chosen: Sequence[ContactValue], heard: Sequence[str]) -> list[str]:
    """The values that are kept beside the lead: also those that nobody was sure of."""
    first = chosen[0].value if chosen else None
    values = dict.fromkeys([*(one.value for one in chosen), *heard])
    return [value for value in values if value != first][:MOST_OTHERS]


def _phone_flags(case: _Case, phone: ContactValue | None) -> Iterator[str]:
    prepared, said = case.prepared, case.prepared.hearing.phones_said
    chosen = None if phone is None else said.found.get(phone.value)
    unclear = [one for one in prepared.phones if not one.retracted and one.owner is not Owner.OTHER]
    is_spoken = phone is not None and phone.source == "spoken"
    if not is_spoken and unclear:
        yield "phone_unclear"
    if not is_spoken and (said.attempts or any(one.retracted for one in prepared.phones)):
        yield "phone_incomplete"
    others = [one for one in prepared.phones if one.owner is Owner.OTHER and not said.is_companys(one.value)]
    if not is_spoken and others:
        yield "phone_of_another"
    is_toll_free = phone is not None and phone.source in {"spoken", "collected"} and is_ambiguous(phone.value)
    if is_toll_free or (chosen is not None and is_spoken and _is_doubtful(chosen, prepared.phones)):
        yield "phone_doubtful"
    if prepared.call.caller_id is not None and prepared.caller_id is None:
        yield "network_number_not_a_phone"
    elif phone is not None and phone.source == "telephony" and prepared.network_is_ambiguous:
        yield "network_number_doubtful"
    collected = case.names.contact_values(prepared.call.vendor.collected, "phone")
    if phone is None and collected:
        yield "collected_phone_not_valid"
    given = prepared.call.contact.phone
    if _is_no_phone(given, prepared.regions):
        yield "given_phone_not_valid"


def _is_doubtful(chosen: Candidate, phones: Sequence[Candidate]) -> bool:
    """Whether a spoken number may be a wrong one: read with a zero put back, or one of two that nobody preferred."""
    rivals = [one for one in phones if one.stands and one is not chosen and one.owner is chosen.owner]
    is_one_of_two = chosen.preference is Preference.PLAIN and any(not one.doubtful for one in rivals)
    return chosen.doubtful or (is_one_of_two and not chosen.verified)


def _email_flags(case: _Case, email: ContactValue | None) -> Iterator[str]:
    said, contact = case.prepared.hearing.emails_said, case.prepared.call.contact
    is_spoken = email is not None and email.source == "spoken"
    if not is_spoken and (said.attempts or any(one.retracted for one in said.found.values())):
        yield "email_unclear"
    elif not is_spoken and email is None and said.found:
        is_anothers = all(one.owner is Owner.OTHER for one in said.found.values())
        yield "email_of_another" if is_anothers else "email_unclear"
    if email is None and case.names.contact_values(case.prepared.call.vendor.collected, "email"):
        yield "collected_email_not_valid"
    if _is_no_address(contact.email):
        yield "given_email_not_valid"


def _is_no_phone(given: ContactValue | None, regions: tuple[str, ...]) -> bool:
    """Whether our own system gave something as a phone that is none."""
    is_given = given is not None and given.source == "given" and not is_placeholder(given.value)
    return is_given and not list(given_phone(given, regions))


def _is_no_address(given: ContactValue | None) -> bool:
    """Whether our own system gave something as an address that is none."""
    is_given = given is not None and given.source == "given" and not is_placeholder(given.value)
    return is_given and not list(given_email(given))


def _notes(case: _Case, naming: Naming) -> tuple[str, ...]:
    """What a manager should read beside the contact: masked nowhere, since it goes to the CRM alone."""
    prepared, contact = case.prepared, case.prepared.call.contact
    notes = []
    attempts = prepared.hearing.emails_said.attempts
    if attempts and not any(one.stands for one in prepared.emails):
        notes.append(f"почта на слух: «{attempts[-1].text}»")
    if contact.phone is not None and _is_no_phone(contact.phone, prepared.regions):
        notes.append(f"дано как телефон: «{contact.phone.value}»")
    if contact.email is not None and _is_no_address(contact.email):
        notes.append(f"дано как почта: «{contact.email.value}»")
    if prepared.call.caller_id is not None and prepared.caller_id is None:
        notes.append(f"номер сети: «{prepared.call.caller_id}»")
    return (*notes, *naming.notes)
