"""The caller's name: found by rule where speech makes it certain, and checked where a model wrote it.

A name in another case is put in the nominative (`name_cases`); nothing is transliterated: passports differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from functions.analysis.cleaning import clean_name
from functions.analysis.contacts.name_cases import first_name, first_names, nominative
from functions.analysis.contacts.number_words import fold, number_words
from functions.analysis.words import may_hold, pattern, patterns_with, words
from postcall.domain.call import Speaker, Turn

_WORD = r"[^\W\d_]++(?:['’ʼ-][^\W\d_]++){0,3}"  # a bound: any further part would be tried from each part before it
_UP_TO_THREE = rf"{_WORD}(?: {_WORD}){{0,2}}"
_WORDS = re.compile(rf"{_WORD}(?: {_WORD})*")
_SEGMENT = re.compile(r"[.,!?;:…—–\n]+|\s-\s")
_MOST_WORDS = 3


def spoken_name(turns: Sequence[Turn], agent: str | None) -> str | None:
    """The name the caller gave, or None where no rule is certain. A full name with a patronymic beats everything.

    `agent` is the agent's own: never the caller's.
    """
    said = [turn for turn in turns if turn.speaker is Speaker.CALLER]
    rules = (
        (_full_name(turn.text) for turn in said),
        (_introduced(turn.text, agent) for turn in said),
        (_presented(turn.text, agent) for turn in said),
        _answers(turns, agent),
        (_beside_a_number(turn.text, agent) for turn in said),
    )
    return next((nominative(name) for rule in rules for name in rule if name), None)


def agents_name(turns: Sequence[Turn]) -> str | None:
    """The name under which the agent introduces itself: never the caller's."""
    for turn in turns:
        if turn.speaker is Speaker.AGENT and (name := _introduced(turn.text, None) or _presented(turn.text, None)):
            return name
    return None


def with_capitals(name: str) -> str:
    """A name that recognition wrote in small letters, with its capital ones."""
    if name != name.lower():
        return name
    return " ".join("-".join(part[:1].upper() + part[1:] for part in word.split("-")) for word in name.split())


def _full_name(text: str) -> str | None:
    """Two or three words with a patronymic among them."""
    for segment in _segments(text):
        said = segment.split()
        if 1 < len(said) <= _MOST_WORDS and any(map(_is_patronymic, said)) and not any(map(_is_ordinary, said)):
            return segment
    return None


def _is_patronymic(word: str) -> bool:
    return pattern("names", "patronymics").fullmatch(fold(word)) is not None


def _introduced(text: str, agent: str | None) -> str | None:
    """«Меня зовут …»: whatever may be a name."""
    if not may_hold("introductions", text.casefold()):
        return None
    return _first_name(_found("introductions", text, agent), capitals=1)


def _presented(text: str, agent: str | None) -> str | None:
    """«Это …», «я …», «передайте: …»: a known name, or two words with capitals."""
    return _first_name(_found("presentations", text, agent), capitals=2)


def _found(kind: str, text: str, agent: str | None) -> Iterator[tuple[str, str]]:
    for expression in patterns_with("names", kind, name=_UP_TO_THREE):
        for match in expression.finditer(text):
            rule, said = next((key, value) for key, value in match.groupdict().items() if value)
            name = _without_ordinary(said)
            if name and not _is_agents(name, agent):
                yield rule, name


def _first_name(found: Iterable[tuple[str, str]], *, capitals: int) -> str | None:
    for rule, name in found:
        if _is_known(name) or (_capitals(name) >= capitals and rule != "known"):
            return name
        if capitals == 1 and rule in {"name", "named"} and name == name.lower():
            return name  # «меня зовут …» in small letters
    return None


def _without_ordinary(said: str) -> str:
    """The words of a name up to the first that is none."""
    kept: list[str] = []
    has_capitals = _capitals(said) > 0
    for word in said.split():
        if _is_ordinary(word) or (has_capitals and not kept and word == word.lower()):
            if kept:
                break
            continue
        if kept and _capitals(kept[0]) and not _capitals(word):
            break
        kept.append(word)
    return " ".join(kept)


def _answers(turns: Sequence[Turn], agent: str | None) -> Iterator[str]:
    """A part of an answer that is nothing but a name; a single word only right after the question."""
    asked, asked_before = False, False
    for turn in turns:
        if turn.speaker is Speaker.AGENT:
            asked = "?" in turn.text and pattern("names", "questions").search(fold(turn.text)) is not None
            asked_before = asked_before or asked
        elif asked_before and (name := _answer(turn.text, agent, right_after=asked)) is not None:
            yield name


def _answer(text: str, agent: str | None, *, right_after: bool) -> str | None:
    for segment in _segments(text):
        said = segment.split()
        if len(said) > _MOST_WORDS or any(map(_is_ordinary, said)) or _is_agents(segment, agent):
            continue
        if 0 < _capitals(segment) < len(said) or _is_an_order(said[0]):
            continue  # «спросить Ольгу», «Отправьте»
        if _is_known(segment) or (_capitals(segment) == len(said) and (right_after or len(said) > 1)):
            return segment
    return None


def _beside_a_number(text: str, agent: str | None) -> str | None:
    """«Мой номер …, Игорь Сидорчук»: a known name and another word, apart from the rest."""
    if not any(map(str.isdigit, text)) and not any(fold(word) in number_words() for word in re.findall(_WORD, text)):
        return None
    for segment in _segments(text):
        said = segment.split()
        if 0 < _capitals(segment) < len(said):
            continue  # «спросить Ольгу»
        is_name = 1 < len(said) <= _MOST_WORDS and not any(map(_is_ordinary, said)) and _is_known(segment)
        if is_name and not _is_agents(segment, agent):
            return segment
    return None


def _segments(text: str) -> Iterator[str]:
    for segment in _SEGMENT.split(text):
        said = segment.strip()
        if said and _WORDS.fullmatch(said):
            yield said


def _is_agents(name: str, agent: str | None) -> bool:
    return agent is not None and bool(
        {fold(word) for word in name.split()} & {fold(word) for word in agent.split()[:1]}
    )


def _is_known(name: str) -> bool:
    """Whether a first name that everybody knows is in it, in the form in which people introduce themselves."""
    return any(fold(word) in first_names() or first_name(word) is not None for word in name.split())


def _capitals(name: str) -> int:
    return sum(word[:1].isupper() and word != word.upper() for word in name.split())


def _is_an_order(word: str) -> bool:
    """«Отправьте», «присылайте»: at the beginning of a sentence they have a capital letter too."""
    return not _is_known(word) and pattern("names", "orders").fullmatch(fold(word)) is not None


def _is_ordinary(word: str) -> bool:
    folded = fold(word)
    if word[:1].isupper() and folded in first_names():
        return False  # «Яна» is a name, and "she" in Belarusian
    return folded in words("names", "ordinary") or folded in number_words()


def supported_name(name: str, texts: Iterable[str]) -> str | None:
    """A model's name, if each word of it was said (in any case ending); None when it was not."""
    cleaned = clean_name(name)
    if cleaned is None:
        return None
    said = {fold(word) for text in texts for word in re.findall(r"[^\W\d_]+", text)}
    return cleaned if all(_was_said(fold(word), said) for word in re.findall(r"[^\W\d_]+", cleaned)) else None


def _was_said(word: str, said: set[str]) -> bool:
    if word in said:
        return True
    stem = word[: max(3, len(word) - 2)]
    return len(word) > 2 and any(other.startswith(stem) and abs(len(other) - len(word)) <= 3 for other in said)  # noqa: PLR2004 — case endings
