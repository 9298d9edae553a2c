"""The name of the lead: given by our own system, then what the caller said, then what other systems wrote down."""

from __future__ import annotations

from dataclasses import dataclass

from functions.analysis.cleaning import clean_name, given_name
from functions.analysis.collected import FieldNames, is_placeholder
from functions.analysis.contacts.names import agents_name, spoken_name, with_capitals
from functions.analysis.contacts.number_words import fold
from functions.analysis.instructions import order_begins
from functions.analysis.preprocessing import PreparedCall
from postcall.domain.call import ContactValue


@dataclass(frozen=True)
class Naming:
    """The name, why a person should look at it, and words for the comment."""

    name: ContactValue | None = None
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def chosen_name(prepared: PreparedCall, names: FieldNames, wished: str | None) -> Naming:
    """The first of the table that is a name. `wished` is a model's, checked against what was said."""
    known = prepared.call.contact.full_name
    if known is not None and known.source == "given" and not is_placeholder(known.value):
        return _given(known.value)
    agent = agents_name(prepared.shown)
    by_rule = spoken_name(prepared.shown, agent)  # without addresses: their words are no names
    collected = next(iter(names.contact_values(prepared.call.vendor.collected, "full_name")), None)
    guesses = [
        ("spoken", _fuller(by_rule, wished)),
        ("spoken", by_rule if by_rule and collected and len(by_rule.split()) > len(collected.split()) else None),
        ("collected", collected),
        ("variable", known.value if known is not None and known.source == "variable" else None),
        ("spoken", by_rule),
    ]
    for source, text in guesses:
        name = _usable(text, agent)
        if name is not None:
            return Naming(ContactValue(name, source))
    return Naming()


def _given(text: str) -> Naming:
    """What our own system gives is kept, however unusual: only what a CRM column cannot hold is taken out."""
    kept = given_name(text)
    if not kept:
        return Naming(flags=("given_name_not_valid",))
    is_usual = clean_name(text) == kept
    return Naming(ContactValue(kept, "given"), () if is_usual else ("name_unusual",))


def _fuller(by_rule: str | None, wished: str | None) -> str | None:
    """A model's name, unless a rule found the same one with more to it."""
    if wished is None or by_rule is None:
        return wished
    said = {fold(word) for word in by_rule.split()}
    is_part = all(fold(word) in said for word in wished.split())
    return by_rule if is_part and len(by_rule.split()) > len(wished.split()) else wished


def _usable(text: str | None, agent: str | None) -> str | None:
    if text is None or order_begins(text) is not None or is_placeholder(text):
        return None
    name = clean_name(text)
    if name is None or (agent is not None and fold(name) == fold(agent)):
        return None
    return with_capitals(name)
