"""Cheap, certain signs of a call, by its words alone: silence, voicemail, an opt-out, a child, a wrong number.

They are few on purpose: keywords tell what a call certainly is not, never what it is worth (docs/analysis.md). The
patterns are in `words/heuristics.toml`, over folded text, for Russian, Belarusian and English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from functions.analysis.contacts.number_words import fold, number_words
from functions.analysis.words import may_hold, pattern
from postcall.domain.call import Call, Speaker

VERY_SHORT_SECONDS = 10
ADULT = 18
YOUNGEST_SPEAKER = 4


@dataclass(frozen=True)
class CallHeuristics:
    """What is certain about a call before anybody judges it."""

    no_transcript: bool = False
    no_caller_turn: bool = False
    silence: bool = False
    voicemail: bool = False
    very_short: bool = False
    wrong_number: bool = False
    do_not_contact: bool = False
    caller_is_minor: bool = False
    refuses_contact: bool = False

    @property
    def nobody_spoke(self) -> bool:
        """Whether there was no person at the other end."""
        return self.no_transcript or self.no_caller_turn or self.silence or self.voicemail

    @property
    def hides_caller_id(self) -> bool:
        """Whether the network's number must stay out of a lead nobody agreed to.

        Not for a caller who hung up or whom the robot failed before they said a word: their number is all there is.
        """
        return self.silence or self.voicemail or self.wrong_number or self.do_not_contact or self.refuses_contact

    def names(self) -> tuple[str, ...]:
        """The signs that are set, as flags."""
        shown = (
            "no_transcript",
            "no_caller_turn",
            "silence",
            "voicemail",
            "very_short",
            "wrong_number",
            "do_not_contact",
            "caller_is_minor",
        )
        return tuple(name for name in shown if getattr(self, name))


def detect(call: Call) -> CallHeuristics:
    """Read the signs of a call."""
    turns = [(turn.speaker, fold(turn.text)) for turn in call.turns]
    said = [text for speaker, text in turns if speaker is Speaker.CALLER]
    everything = " ".join(said)
    return CallHeuristics(
        no_transcript=not call.turns,
        no_caller_turn=bool(call.turns) and not said,
        silence=bool(said) and not any(_is_speech(text) for text in said),
        voicemail=call.call_result == "voicemail" or _says("voicemail", everything),
        very_short=call.duration_seconds is not None and call.duration_seconds < VERY_SHORT_SECONDS,
        wrong_number=_says("wrong_number", everything),
        do_not_contact=may_hold("opt_out", everything) and _says("opt_out", everything),
        caller_is_minor=_is_minor(turns),
        refuses_contact=_refuses(turns),
    )


def _is_speech(text: str) -> bool:
    """Speech recognition makes "...", "!!" or a lone syllable of noise; digits and a lone «да» are answers."""
    if re.search(r"\d", text) or _says("yes", text) or _says("no", text):
        return True
    return len(re.findall(r"[^\W\d_]", text)) > 2  # noqa: PLR2004 — a syllable


def _is_minor(turns: Sequence[tuple[Speaker, str]]) -> bool:
    asked = False
    for speaker, text in turns:
        if speaker is Speaker.AGENT:
            asked = _says("asks_age", text)
        elif _says("child", text) or any(
            _is_childs_age(match, asked=asked) for match in pattern("heuristics", "age").finditer(text)
        ):
            return True
    return False


def _is_childs_age(match: re.Match[str], *, asked: bool) -> bool:
    if not (match["years"] or asked):
        return False
    words = [word for word in match["age"].split() if word not in {"лет", "год", "гадоў", "years", "old"}]
    numbers = [int(word) if word.isdigit() else number_words()[word].value for word in words if _is_number(word)]
    return len(numbers) == len(words) > 0 and YOUNGEST_SPEAKER <= sum(numbers) < ADULT


def _is_number(word: str) -> bool:
    return (word.isdigit() and len(word) < 4) or word in number_words()  # noqa: PLR2004 — an age


def _refuses(turns: Sequence[tuple[Speaker, str]]) -> bool:
    asked = False
    for speaker, text in turns:
        if speaker is Speaker.AGENT:
            asked = "?" in text and _says("asks_contact", text)
        elif _says("refuses_contact", text) or (asked and _says("no", text) and not re.search(r"\d", text)):
            return True
        else:
            asked = False
    return False


def confirms(text: str) -> bool:
    """Whether a caller's turn says yes to what the agent has just read back."""
    folded = fold(text)
    return _says("yes", folded) and not _says("unlike_yes", folded)


def denies(text: str) -> bool:
    """Whether a caller's turn says no to it."""
    return _says("denial", fold(text))


def _says(sign: str, text: str) -> bool:
    return pattern("heuristics", sign).search(text) is not None
