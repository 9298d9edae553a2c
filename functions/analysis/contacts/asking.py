"""What the agent wants with a turn: a phone, an e-mail, a name, something else, or leave to use the number shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from functions.analysis.words import holds, patterns

_NUMBER = re.compile(r"\b(?:номер|нумар|number)\w*")
_NEAR = 22  # characters after «номер» in which it is said of what
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class Asking:
    """What a turn of the agent asks for. Nothing at all is a mere «записала»."""

    phone: bool = False
    email: bool = False
    name: bool = False
    others: bool = False  # somebody else's phone or address
    thing: bool = False  # a number that is no phone
    place: bool = False  # where to send or to call: a phone or an address
    something: bool = False  # a question about anything else
    this_number: bool = False  # whether the network's number will do

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was asked."""
        return self == NOTHING


NOTHING = Asking()


def asking(folded: str) -> Asking:
    """What the turn asks for."""
    found = {name for sentence in _SENTENCE.split(folded) for name in _asked(sentence)}
    if found & {"phone", "email", "name", "others", "thing", "place", "this_number"}:
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
    else:
        yield from _of_a_call(sentence)
    if _holds("asks_name", sentence):
        yield "name"


def _of_a_call(sentence: str) -> Iterator[str]:
    """Where to call or to send, or something else."""
    if _holds("asks_place", sentence):
        yield "place"
    elif _is_of_a_thing(sentence):
        yield "thing"
    elif _holds("asks_phone", sentence):
        yield "phone"
    elif "?" in sentence and not _only_goes_on(sentence):
        yield "something"


def _only_goes_on(sentence: str) -> bool:
    """«Так, дальше?»: a repeated number and nothing else, or a word that asks to go on."""
    words_alone = re.sub(r"[\d\W_]+", " ", sentence).strip()
    return not words_alone or any(one.fullmatch(words_alone) for one in patterns("contacts", "goes_on"))


def _is_of_a_thing(sentence: str) -> bool:
    """«Назовите номер договора», «ваш ИНН?», but not «на какой номер прислать договор?»."""
    if _holds("phone_words", sentence):
        return False
    number = _NUMBER.search(sentence)
    before = _NEAR if number is not None and number.group().startswith("number") else 0  # "your order number"
    said = sentence if number is None else sentence[max(0, number.start() - before) : number.end() + _NEAR]
    return _holds("thing", said) or (number is None and _holds("topic", said))


def _holds(kind: str, text: str) -> bool:
    return holds("contacts", kind, text)
