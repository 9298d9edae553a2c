"""Numbers in speech: digits and number words of a text become runs of digits, each with its place in the text.

Words merge by rank as speakers mean them («сто двадцать три» is 123, «двадцать девять» 29), never across a comma. There
is one reading, the usual one: a second reading that happens to make a valid phone would be a wrong phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from functions.analysis.contacts.number_words import (
    FILLERS,
    HUNDRED_AFTER,
    OH,
    PLUS,
    TIMES,
    NumberWord,
    Rank,
    fold,
    is_measure,
    number_words,
    plural_digits,
)

_A_WORD = r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*"
_TOKEN = re.compile(rf"(?P<digits>\d+)|(?P<word>{_A_WORD})|(?P<plus>\+)|(?P<mark>\S)")
_DIGIT, _WORD = re.compile(r"\d"), re.compile(_A_WORD)
_SENTENCE_ENDS = frozenset(".!?…;")
_LONGEST_REPEAT = 9
_GROUPS_OF_A_TAIL = 24  # more digits than any phone has


@dataclass(frozen=True)
class SpokenNumber:
    """Digits said in one go. `parts` are the same digits cut where a sentence ended, `tails` what follows a pause.

    `groups` are the digits as they were said together, with their places: a correction replaces one of them.
    """

    digits: str
    plus: bool
    start: int
    end: int
    groups: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    is_amount: bool = False
    parts: tuple[SpokenNumber, ...] = ()
    tails: tuple[SpokenNumber, ...] = ()

    def piece(self, first: int, last: int) -> SpokenNumber:
        """The groups from `first` up to `last` as a number of their own."""
        groups, places = self.groups[first:last], self.places[first:last]
        is_first = first == 0
        start = self.start if is_first else places[0][0]
        return SpokenNumber("".join(groups), self.plus and is_first, start, places[-1][1], groups, places)

    def moved(self, by: int) -> SpokenNumber:
        """The same so many characters on."""
        places = tuple((start + by, end + by) for start, end in self.places)
        return replace(self, start=self.start + by, end=self.end + by, places=places)


@dataclass
class _Run:
    """A number while it is being read."""

    plus: bool = False
    groups: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)  # a sentence ended before the group of this index
    pauses: list[int] = field(default_factory=list)  # a comma stood there
    plus_at: int | None = None
    open_rank: int = 0  # what may still merge into the last group: only a smaller rank
    by_word: bool = False  # the last group is one number word
    times: int = 0  # "double", "triple" wait for their digit

    @property
    def is_fresh(self) -> bool:
        """Whether nothing of a number has been read yet."""
        return not (self.groups or self.plus or self.times)

    def add(self, digits: str, start: int, end: int, *, open_rank: int = 0, by_word: bool = False) -> None:
        repeat, self.times = max(self.times, 1), 0
        self.groups.append(digits * repeat)
        self.starts.append(start)
        self.ends.append(end)
        self.open_rank, self.by_word = (0, False) if repeat > 1 else (open_rank, by_word)

    def replace_last(self, digits: str, end: int, *, open_rank: int = 0) -> None:
        self.groups[-1], self.ends[-1] = digits, end
        self.open_rank, self.by_word = open_rank, False

    def close_group(self) -> None:
        self.open_rank, self.by_word = 0, False

    def note(self, places: list[int]) -> None:
        """Something other than a number stands before the next group."""
        self.close_group()
        if self.groups and len(self.groups) not in places:
            places.append(len(self.groups))


def spoken_numbers(text: str) -> list[SpokenNumber]:
    """All numbers of a text in the order they were said, however short."""
    return list(_runs(text)) if _may_hold(text) else []


def _may_hold(text: str) -> bool:
    """A cheap look before a long one: a number begins with a digit or a word for one."""
    return _DIGIT.search(text) is not None or not number_words().keys().isdisjoint(map(fold, _WORD.findall(text)))


def _runs(text: str) -> Iterator[SpokenNumber]:
    run = _Run()
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        word = fold(token) if kind == "word" else ""
        if kind == "plus" or word in PLUS:
            yield from _finished(run)
            run = _Run(plus=True, plus_at=match.start())
        elif kind == "digits":
            run.add(token, match.start(), match.end())
        elif kind == "word":
            if not _took_word(run, word, match.start(), match.end()) and not run.is_fresh:
                yield from _finished(run, amount=bool(run.groups) and is_measure(token))
                run = _Run()
        elif kind == "mark":
            _take_mark(run, token, text[match.end() : match.end() + 1])
    yield from _finished(run)


def _take_mark(run: _Run, mark: str, after: str) -> None:
    if mark in _SENTENCE_ENDS and not (mark == "." and after.isdigit()):  # «8.029.612» is one number
        run.note(run.breaks)
    elif mark == ",":
        run.note(run.pauses)
    elif mark not in "-‐‑":  # a hyphen holds "twenty-nine" together
        run.close_group()


def _took_word(run: _Run, word: str, start: int, end: int) -> bool:
    """Whether the word belongs to the number being read."""
    if (number := number_words().get(word)) is not None:
        _take_number(run, number, start, end)
    elif word in plural_digits() and run.by_word and 1 < int(run.groups[-1]) <= _LONGEST_REPEAT:
        run.replace_last(plural_digits()[word] * int(run.groups[-1]), end)
    elif word in HUNDRED_AFTER and run.by_word:
        run.replace_last(f"{run.groups[-1]}00", end, open_rank=Rank.HUNDREDS)
    elif word in TIMES:
        run.close_group()
        run.times = TIMES[word]
    elif word in OH and run.groups:
        run.add("0", start, end)
    elif word in FILLERS:
        if word != "and":  # "five hundred and one"
            run.close_group()
    else:
        return False
    return True


def _take_number(run: _Run, number: NumberWord, start: int, end: int) -> None:
    merges = (
        run.open_rank > number.rank
        and number.value > 0
        and not (number.rank is Rank.UNIT and run.open_rank == Rank.TEEN)
    )
    if merges:
        value = int(run.groups[-1]) + number.value
        run.replace_last(str(value), end, open_rank=number.rank if number.rank is Rank.TENS else 0)
        return
    opens = number.rank if number.rank in {Rank.TENS, Rank.HUNDREDS} else 0
    is_digit = number.rank is Rank.UNIT
    run.add(str(number.value), start, end, open_rank=opens, by_word=is_digit)


def _finished(run: _Run, *, amount: bool = False) -> Iterator[SpokenNumber]:
    if not run.groups:
        return
    edges = [0, *(index for index in run.breaks if index < len(run.groups)), len(run.groups)]
    parts = tuple(_piece(run, first, last) for first, last in pairwise(edges))
    whole = _piece(run, 0, len(run.groups))
    count = len(run.groups)
    tails = (_piece(run, pause, count) for pause in run.pauses if 0 < count - pause <= _GROUPS_OF_A_TAIL)
    yield SpokenNumber(
        whole.digits,
        whole.plus,
        whole.start,
        whole.end,
        groups=whole.groups,
        places=whole.places,
        is_amount=amount and not run.breaks,
        parts=parts if len(parts) > 1 else (),
        tails=tuple(tails),
    )


def _piece(run: _Run, first: int, last: int) -> SpokenNumber:
    begins_with_plus = run.plus and first == 0
    start = run.plus_at if begins_with_plus and run.plus_at is not None else run.starts[first]
    groups = tuple(run.groups[first:last])
    places = tuple(zip(run.starts[first:last], run.ends[first:last], strict=True))
    return SpokenNumber("".join(groups), begins_with_plus, start, run.ends[last - 1], groups, places)
