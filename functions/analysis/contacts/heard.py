"""Numbers of one text as they may be phones: whole, said twice, over several sentences, with an extension, half.

Each is found once, with its place, its digits and its E.164 form if there is one; whose it is, is said elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from functions.analysis.contacts.context import harmless
from functions.analysis.contacts.phones import phone_of, with_lost_zero
from functions.analysis.contacts.spoken_numbers import SpokenNumber, spoken_numbers
from functions.analysis.words import patterns

UNSURE_FROM = 5  # digits: somebody tried to say a number
MOST_PHONES = 50  # of one text: more are no contacts
MASKED_FROM = 7  # digits: a local phone number is this long
_UNMISTAKABLE = ("80", "89", "375")
_HOUSE_NUMBER = 4  # digits
_UNMISTAKABLE_FROM = 10  # digits of a number that is said with its trunk prefix
_GROUPS_OF_A_NUMBER = 14
_HANGS_ON_LETTERS = re.compile(r"([^\W\d_]+)[-‐‑–/]?$")


@dataclass(frozen=True)
class HeardNumber:
    """A number in a text. `value` is its E.164 form; `doubtful` one that was read with a zero put back."""

    number: SpokenNumber
    value: str | None = None
    doubtful: bool = False
    is_extension: bool = False
    is_of_a_thing: bool = False  # «МП-29-34-567»: letters hang on it
    masks: tuple[int, int] | None = None  # the run it is a piece of

    @property
    def is_phone(self) -> bool:
        """Whether it is a whole phone."""
        return self.value is not None

    @property
    def is_attempt(self) -> bool:
        """Whether somebody tried to say a phone here and it did not come through."""
        of_another_kind = self.number.is_amount or self.is_extension or self.is_of_a_thing
        return not self.is_phone and not of_another_kind and len(self.number.digits) >= UNSURE_FROM

    @property
    def is_unmistakable(self) -> bool:
        """Whether its form alone is that of a phone: with its plus, its country code or its trunk prefix."""
        number = self.number
        return number.plus or (len(number.digits) >= _UNMISTAKABLE_FROM and number.digits[0] in "0378")


def heard_numbers(text: str, folded: str, regions: tuple[str, ...], *, phones: int = 0) -> list[HeardNumber]:
    """All numbers of a text, in order, however short; after so many phones the others are numbers, to be masked."""
    found: list[HeardNumber] = []
    for number in spoken_numbers(text):
        if phones >= MOST_PHONES:
            found.append(HeardNumber(number, masks=(number.start, number.end)))
            continue
        before = folded[found[-1].number.end if found else 0 : number.start]
        if found and patterns("contacts", "extension")[0].fullmatch(before.strip(" \t,.;:()-–—#*")):
            found.append(HeardNumber(number, is_extension=True))
        else:
            letters = None if before.endswith(" ") else _HANGS_ON_LETTERS.search(before)
            is_of_a_thing = letters is not None and letters[1] not in harmless() and not number.plus
            pieces = list(_pieces(number, regions, is_of_a_thing=is_of_a_thing))
            phones += sum(one.is_phone for one in pieces)
            found += pieces
    return found


def _pieces(number: SpokenNumber, regions: tuple[str, ...], *, is_of_a_thing: bool) -> Iterator[HeardNumber]:
    """The phones in a run of digits, or the run itself."""
    run = (number.start, number.end)
    if is_of_a_thing or number.is_amount:
        yield HeardNumber(number, is_of_a_thing=is_of_a_thing, masks=run)
        return
    for piece in _parted(number, regions):
        value = phone_of(piece, regions)
        doubtful = with_lost_zero(piece.digits) if value is None and not piece.plus else None
        yield HeardNumber(piece, value or doubtful, doubtful=doubtful is not None, masks=run)


def _parted(number: SpokenNumber, regions: tuple[str, ...]) -> list[SpokenNumber]:
    """The run whole if it is a phone, or said several times over, or its sentences, or what follows a house number."""
    if phone_of(number, regions) is not None:
        return [number]
    if several := _several(number, regions):
        return several
    if with_lost_zero(number.digits) is not None:
        return [number]
    pieces = [_after_something_else(part, regions) for part in number.parts or (number,)]
    return pieces if any(phone_of(piece, regions) for piece in pieces) else [number]


def _several(number: SpokenNumber, regions: tuple[str, ...]) -> list[SpokenNumber]:
    """«8 029 123 45 67, 8 029 123 45 67»: whole phones one after another, or []."""
    found: list[SpokenNumber] = []
    first, count = 0, len(number.groups)
    while first < count:
        last = min(count, first + _GROUPS_OF_A_NUMBER)
        pieces = (number.piece(first, end) for end in range(last, first, -1))
        piece = next((one for one in pieces if phone_of(one, regions) and _may_follow(one, found)), None)
        if piece is None:
            return []
        found.append(piece)
        first += len(piece.groups)
    return found


def _may_follow(piece: SpokenNumber, found: list[SpokenNumber]) -> bool:
    is_again = bool(found) and (found[-1].digits.endswith(piece.digits) or piece.digits.endswith(found[-1].digits))
    return piece.plus or piece.digits.startswith(_UNMISTAKABLE) or not found or is_again


def _after_something_else(number: SpokenNumber, regions: tuple[str, ...]) -> SpokenNumber:
    """«Квартира 45, 8 029 …»: what follows the comma is a phone if it begins as only a whole one does."""
    if phone_of(number, regions) is not None or number.plus:
        return number
    for tail in number.tails:
        is_whole = tail.digits.startswith(_UNMISTAKABLE) and phone_of(tail, regions) is not None
        if is_whole and len(number.digits) - len(tail.digits) <= _HOUSE_NUMBER:
            return tail
    return number
