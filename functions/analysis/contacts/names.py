"""The caller's name: found by rule where speech makes it certain, and checked where a model wrote it.

Names stay as they were said (no case is guessed, nothing is transliterated: passports differ in both).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from functions.analysis.cleaning import clean_name
from functions.analysis.contacts.number_words import fold, number_words
from functions.analysis.words import pattern, words
from postcall.domain.call import Speaker, Turn

_WORD = r"[А-ЯЁІЎA-Z][а-яёіўa-zA-Zà-ÿ'’ʼ-]+"
_UP_TO_THREE = rf"{_WORD}(?: {_WORD}){{0,2}}"
_NAME = re.compile(_UP_TO_THREE)
_TWO_OR_MORE = re.compile(rf"{_WORD}(?: {_WORD}){{1,2}}")
_SEGMENT = re.compile(r"[.,!?;:…—]+")


def spoken_name(turns: Sequence[Turn]) -> str | None:
    """The name the caller gave, or None where no rule is certain. A full name with a patronymic beats everything."""
    full = _full_name(turns)
    if full is not None:
        return full
    asked, asked_before = False, False
    found: str | None = None
    for turn in turns:
        if turn.speaker is Speaker.AGENT:
            asked = "?" in turn.text and pattern("names", "questions").search(fold(turn.text)) is not None
            asked_before = asked_before or asked
            continue
        introduced = _introduced(turn.text)
        if introduced is not None:
            return introduced
        if found is None and asked_before:
            found = _answer(turn.text, one_word=asked)
    return found


def agents_name(turns: Sequence[Turn]) -> str | None:
    """The name under which the agent introduces itself: never the caller's."""
    for turn in turns:
        if turn.speaker is Speaker.AGENT and (name := _introduced(turn.text)) is not None:
            return name
    return None


def with_capitals(name: str) -> str:
    """A name that recognition wrote in small letters, with its capital ones."""
    if name != name.lower():
        return name
    return " ".join("-".join(part[:1].upper() + part[1:] for part in word.split("-")) for word in name.split())


def _full_name(turns: Sequence[Turn]) -> str | None:
    for turn in turns:
        if turn.speaker is not Speaker.CALLER:
            continue
        for segment in _SEGMENT.split(turn.text):
            match = _TWO_OR_MORE.fullmatch(segment.strip())
            if match and any(pattern("names", "patronymics").fullmatch(fold(word)) for word in match.group().split()):
                return match.group()
    return None


def _introduced(text: str) -> str | None:
    match = pattern("names", "introductions", name=_UP_TO_THREE, word=_WORD).search(text)
    if match is None:
        return None
    said = (match["after"] or match["before"] or match["inside"]).split()
    kept = [word for word in said if not _is_ordinary(word)]
    return " ".join(kept) or None


def _answer(text: str, *, one_word: bool) -> str | None:
    """A part of the answer that is nothing but a name; a single word only right after the question."""
    shape = _NAME if one_word else _TWO_OR_MORE
    for segment in _SEGMENT.split(text):
        said = segment.strip()
        if shape.fullmatch(said) and not any(_is_ordinary(word) for word in said.split()):
            return said
    return None


def _is_ordinary(word: str) -> bool:
    return fold(word) in words("names", "ordinary") or fold(word) in number_words()


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
