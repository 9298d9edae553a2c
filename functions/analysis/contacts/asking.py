"""What the agent wants with a turn: a phone, an e-mail, a name, something else, or leave to use the network's number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from functions.analysis.words import patterns

_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class Asking:
    """What a turn of the agent asks for. Nothing at all is a mere «записала»."""

    phone: bool = False
    email: bool = False
    name: bool = False
    others: bool = False  # somebody else's phone or address
    thing: bool = False  # a number that is no phone
    something: bool = False  # a question about anything else
    this_number: bool = False  # whether the network's number will do

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was asked."""
        return self == Asking()


def asking(folded: str) -> Asking:
    """What the turn asks for."""
    found = {name for sentence in _SENTENCE.split(folded) for name in _asked(sentence)}
    if found & {"phone", "email", "name", "others", "thing", "this_number"}:
        found.discard("something")
    return Asking(**dict.fromkeys(found, True))


def _asked(sentence: str) -> Iterator[str]:
    if _holds("this_number", sentence):
        yield "this_number"
    if "?" not in sentence and not _holds("asks", sentence):
        return
    if _holds("asks_others", sentence):  # but not «номер, по которому менеджер перезвонит»
        yield "others"
    elif _holds("asks_email", sentence):
        yield "email"
        if re.search(r"телефон|номер|тэлефон|нумар|phone|number", sentence):
            yield "phone"
    elif _holds("thing", sentence) and not _holds("phone_words", sentence):
        yield "thing"
    elif _holds("asks_phone", sentence):
        yield "phone"
    elif "?" in sentence:
        yield "something"
    if _holds("asks_name", sentence):
        yield "name"


def _holds(kind: str, text: str) -> bool:
    return any(expression.search(text) for expression in patterns("contacts", kind))
