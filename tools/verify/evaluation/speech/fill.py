"""A pattern with invented people in it: the call as `make contacts` reads it, and what is right to take from it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any

from tools.verify.evaluation.contact_case import ContactCase
from tools.verify.evaluation.speech.patterns import Pattern
from tools.verify.evaluation.speech.scene import Scene, scene

_PLACE = re.compile(r"\{([a-z_0-9]+)(?:\.([a-z_0-9]+))?\}")
_MEDIUM: dict[str, dict[str, Any]] = {"d": {"source_medium": "dtmf"}, "x": {"contextual_update_info": {"type": "text"}}}
_LOWER_CASE = 0.15  # of the callers' turns, as some recognisers write


@dataclass(frozen=True)
class Utterance:
    """A call and the truth about it.

    `network` is the caller's number as the network shows it: whoever takes it instead of what was said reaches the
    caller at least.
    """

    pattern: Pattern
    case: ContactCase
    phones: frozenset[str]
    emails: frozenset[str]
    names: frozenset[str]
    network: str | None

    @property
    def is_attempted(self) -> bool:
        """Whether a phone or an address was given, so that nobody may pass over it in silence."""
        return self.pattern.flagged or bool(self.emails) or bool(self.phones - {self.network})


def utterance(pattern: Pattern, dice: random.Random) -> Utterance:
    """One call after the pattern."""
    texts = [*pattern.turns, pattern.network, *map(str, (pattern.collected, pattern.given)), *pattern.phone]
    people = scene(pattern, " ".join(texts), dice)
    shows = pattern.network == "yes" or (pattern.network == "maybe" and dice.random() < 0.5)  # noqa: PLR2004 — a coin
    known = people.network.e164 if shows else None
    caller_id = known if pattern.network in ("maybe", "yes", "no") else _filled(pattern.network, people)
    case = ContactCase(
        id=0,
        turns=[_turn(line, people, dice) for line in pattern.turns],
        caller_id=caller_id,
        collected=_fields(pattern.collected, people),
        given=_fields(pattern.given, people) or None,
        metadata=pattern.metadata,
    )
    return Utterance(
        pattern,
        case,
        phones=_truth(pattern.phone, people),
        emails=_truth(pattern.email, people),
        names=_truth(pattern.name, people),
        network=known,
    )


def _turn(line: str, people: Scene, dice: random.Random) -> dict[str, Any]:
    who, text = line[0], line[2:].strip()
    people.new_turn(dice)
    said = _filled(text, people)
    if who == "u" and dice.random() < _LOWER_CASE:
        said = said.lower()
    return {"role": "agent" if who == "a" else "user", "message": said} | _MEDIUM.get(who, {})


def _filled(text: str, people: Scene) -> str:
    return _PLACE.sub(lambda match: str(people.value(match[1], match[2] or "")), text)


def _fields(fields: dict[str, Any], people: Scene) -> dict[str, Any]:
    """A value that is one place keeps its kind: a number stays a number."""
    return {
        name: people.value(match[1], match[2] or "") if (match := _PLACE.fullmatch(value)) else _filled(value, people)
        for name, value in fields.items()
    }


def _truth(texts: tuple[str, ...], people: Scene) -> frozenset[str]:
    """What may be taken: a place stands for what is written in a form, not for how it is said."""
    found = (_PLACE.sub(lambda match: people.written(match[1], match[2] or ""), text) for text in texts)
    return frozenset(value for value in found if value)
