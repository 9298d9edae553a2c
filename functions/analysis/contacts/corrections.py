"""A caller mends or takes back the number they have just said, in the same breath or in the next one.

«Не 67, а 76», «последние две 76», «ой, нет, 65»: a part of known length is put in where only one place fits;
otherwise the number is taken back. The wordings are in `words/corrections.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from functions.analysis.contacts.number_words import is_measure
from functions.analysis.contacts.spoken_numbers import SpokenNumber
from functions.analysis.words import holds, patterns

_FEW, _SHORT_CLAUSE = 7, 6  # digits of a part; words
_USUAL = (3, 2, 2)  # how the end of a number is grouped where it was written in one piece
_CLAUSE = re.compile(r"[.!?;,…—–]+")
_LONGEST_GROUP = 4
_COUNTED = re.compile(r"последн|апошн|крайн|перв|\blast\b|\bfirst\b|final")
_NOT_THESE = re.compile(r"(?<![^\W_])(?:не|ня|not)(?: \w+)?\W*<")
_AT_END = re.compile(r"конц|канц|последн|апошн|\blast\b|\bend")


@dataclass(frozen=True)
class Correction:
    """What a caller wants changed: `right` for `wrong`, at `place`; nothing to put in where `right` is empty."""

    right: str = ""
    wrong: str = ""
    place: str = ""  # "tail", "code", or "" for wherever it fits


def correction_in(folded: str, numbers: Sequence[SpokenNumber]) -> Correction | None:
    """The correction that a text holds, or None. `numbers` are those of the text, none of them a whole phone."""
    text = _with_groups(folded, numbers)
    match = _first("swap", text)
    if match is not None and not (match.groupdict().get("both") and _halves(match) is None):
        at_end = _AT_END.search(text) is not None
        right, wrong = _halves(match) or (_without_count(match[name], match.group()) for name in ("right", "wrong"))
        return Correction(right, wrong, "tail" if at_end else "")
    if _NOT_THESE.search(text):
        return Correction()
    for place in ("tail", "code"):
        if match := _first(place, text):
            return Correction(_without_count(match["right"], match.group()), place=place)
    loose = [number for number in numbers if not _is_explained(folded, number)]
    cued = breaks_off(text)
    if loose:
        is_one = len(loose) == 1 and len(loose[0].digits) <= _FEW
        return Correction(loose[0].digits if cued and is_one else "") if cued or _is_part(loose) else None
    return Correction() if _denies(text) else None


def corrected(groups: Sequence[str], correction: Correction) -> list[str]:
    """The digits of a number with the correction put in: every reading that fits it."""
    parts = _usual_groups(groups)
    right, wrong = correction.right, correction.wrong
    if not right:
        return []
    if wrong:
        return _swapped(parts, wrong, right, at_end=correction.place == "tail")
    if correction.place == "tail":
        return ["".join(parts)[: -len(right)] + right]
    if correction.place == "code":
        return _with_code("".join(parts), right)
    return _fitting(parts, right)


def _swapped(parts: list[str], wrong: str, right: str, *, at_end: bool) -> list[str]:
    digits = "".join(parts)
    if at_end and digits.endswith(wrong):
        return [digits[: -len(wrong)] + right]
    same = [index for index, part in enumerate(parts) if part == wrong]
    if len(same) == 1:
        return ["".join((*parts[: same[0]], right, *parts[same[0] + 1 :]))]
    places = [at for at in range(len(digits)) if digits.startswith(wrong, at)]
    if same or len(places) != 1:
        return []
    return [digits[: places[0]] + right + digits[places[0] + len(wrong) :]]


def _with_code(digits: str, code: str) -> list[str]:
    """Another code of the network, in front of the last seven digits (of a Russian number: of three)."""
    bare = code.lstrip("0")
    return [digits[: -7 - len(bare)] + bare + digits[-7:]] if len(digits) > 7 + len(bare) else []


def _fitting(parts: list[str], right: str) -> list[str]:
    """The end of that length, where a group begins there; or the only group of it, where the end has another."""
    ends = [first for first in range(1, len(parts)) if len("".join(parts[first:])) == len(right)]
    same = [index for index, part in enumerate(parts) if len(part) == len(right) and index not in ends]
    swapped = [index for index in same if sorted(parts[index]) == sorted(right)]
    if ends and not (swapped and sorted("".join(parts[ends[0] :])) != sorted(right)):
        return ["".join((*parts[: ends[0]], right))]
    if not ends and len(same) == 1:
        return ["".join((*parts[: same[0]], right, *parts[same[0] + 1 :]))]
    return []


def _usual_groups(groups: Sequence[str]) -> list[str]:
    """The groups as said; a number written in one piece is grouped as people say it."""
    if all(len(group) <= _LONGEST_GROUP for group in groups) and not all(len(group) == 1 for group in groups):
        return list(groups)
    digits = "".join(groups)
    parts: list[str] = []
    for length in reversed(_USUAL):
        digits, part = digits[:-length], digits[-length:]
        parts.insert(0, part)
    return [digits, *parts] if digits else parts


def _with_groups(folded: str, numbers: Sequence[SpokenNumber]) -> str:
    parts: list[str] = []
    at = 0
    for number in numbers:
        parts += [folded[at : number.start], f"<{_groups(number)}>"]
        at = number.end
    return "".join((*parts, folded[at:]))


def _halves(match: re.Match[str]) -> tuple[str, str] | None:
    """«Вместо 67 76»: the part to put in and the part to take out, where they were said in one breath."""
    digits = re.sub(r"\D", "", match.groupdict().get("both") or "")
    half = len(digits) // 2
    return (digits[half:], digits[:half]) if digits and len(digits) % 2 == 0 else None


def _groups(number: SpokenNumber) -> str:
    """The groups of a number, with a comma where there was a pause."""
    pauses = {len(number.groups) - len(tail.groups) for tail in number.tails}
    marked = (f",{group}" if index in pauses else f" {group}" for index, group in enumerate(number.groups))
    return "".join(marked).lstrip()


def _first(kind: str, text: str) -> re.Match[str] | None:
    return next((match for one in _expressions(kind) if (match := one.search(text))), None)


def _without_count(groups: str, said: str) -> str:
    """«Последние две 76»: the count is no digit of the number."""
    first, _, others = groups.replace(",", " ").partition(" ")
    rest = others.replace(" ", "")
    is_count = _COUNTED.search(said) is not None and first == str(len(rest)) and len(rest) > 1
    return rest if is_count else first + rest


def _is_explained(folded: str, number: SpokenNumber) -> bool:
    """Whether the words around a short number say what it is: an hour, a price, a floor."""
    if number.is_amount or (len(number.digits) == 1 and not folded[number.start].isdigit()):
        return True
    before = _expressions("explained_before")[0].search(folded[: number.start])
    after = _expressions("explained_after")[0].match(folded[number.end :])
    follows = re.match(r"\W*([^\W\d_]+)", folded[number.end :])
    return bool(before or after or (follows and is_measure(follows[1])))


def _is_part(loose: Sequence[SpokenNumber]) -> bool:
    """Whether digits that nothing explains may be a part of the number before them."""
    return any(1 < len(number.digits) <= _FEW for number in loose)


def is_wrong(folded: str) -> bool:
    """Whether a text says that something was wrong: «ошибся», «не тот», «нет»."""
    return _denies(folded)


def breaks_off(gap: str) -> bool:
    """Whether what stands between two numbers says that the second mends the first."""
    return any(_holds(kind, gap) for kind in ("wrong", "hesitation", "repair")) or _begins_with_no(gap)


def only_waits(gap: str) -> bool:
    """Whether what stands between two pieces says no more than that the second is looked for."""
    return _holds("waits", gap) and not _holds("wrong", gap) and not _begins_with_no(gap)


def _begins_with_no(text: str) -> bool:
    return any(_expressions("no")[0].match(clause.strip()) for clause in _CLAUSE.split(text))


def _denies(text: str) -> bool:
    """Whether the number is taken back without another: «нет, не тот», «ой, перепутал»."""
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    if any(_expressions("no")[0].match(one) and len(one.split()) <= _SHORT_CLAUSE for one in clauses):
        return True
    return _holds("wrong", text) or (bool(clauses) and _holds("hesitation", clauses[-1]))


def _holds(kind: str, text: str) -> bool:
    return holds("corrections", kind, text)


@cache
def _expressions(kind: str) -> tuple[re.Pattern[str], ...]:
    return patterns("corrections", kind)
