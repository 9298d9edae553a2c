"""Where a verdict does not fit the call, or itself: each doubt is a flag, and a reason for a person to look.

A valid answer may say nothing or lie in every text. What code can see of the call by itself stands against it here.
"""

from __future__ import annotations

from collections.abc import Iterator

from functions.analysis.contacts.number_words import fold
from functions.analysis.grounding import Grounding
from functions.analysis.model.output import ModelOutput
from functions.analysis.model.schema import QUOTED_SIGNALS
from functions.analysis.preprocessing import PreparedCall
from functions.analysis.scoring import GAP, GOOD, NOT_A_LEAD, WEAK
from functions.analysis.words import pattern
from postcall.domain.analysis import Analysis
from postcall.domain.call import Speaker

TALKED_WORDS = 8  # said by a caller: no silence any more
LONG_SECONDS, LONG_WORDS = 60, 25  # a call this long holds something to quote
NO_RUSSIAN = "Русской сводки нет."


def doubts(answer: ModelOutput, analysis: Analysis, prepared: PreparedCall) -> list[str]:
    """The flags of all doubts about a verdict."""
    found = {
        **_about_evidence(answer, analysis, prepared),
        **_about_labels(answer, analysis, prepared),
        **_about_texts(answer, analysis, prepared),
    }
    return [name for name, is_set in found.items() if is_set]


def ungrounded(analysis: Analysis, prepared: PreparedCall) -> dict[str, list[str]]:
    """What each text says that the call does not hold."""
    said = Grounding(prepared)
    missing = {name: said.missing_from(text) for name, text in _texts(analysis)}
    return {name: found for name, found in missing.items() if found}


def _about_evidence(answer: ModelOutput, analysis: Analysis, prepared: PreparedCall) -> dict[str, bool]:
    signals = analysis.signals
    return {
        "quote_not_found": any(not quote.verified for quote in analysis.evidence),
        "signal_without_quote": any(answer.signals[name] and not signals[name] for name in QUOTED_SIGNALS),
        "evidence_missing": _is_long(prepared) and not any(quote.verified for quote in analysis.evidence),
        "conversation_denied": not answer.signals["real_conversation"] and _has_talked(prepared),
        "no_conversation_doubtful": answer.signals["real_conversation"] and not prepared.is_conversation,
    }


def _about_labels(answer: ModelOutput, analysis: Analysis, prepared: PreparedCall) -> dict[str, bool]:
    points, status, out = analysis.quality_score or NOT_A_LEAD, analysis.lead_status, _is_out(analysis)
    model_said = (answer.quality_score, answer.lead_status)
    opposite = {"success": "disqualified", "failure": "qualified"}.get(prepared.call.vendor.successful or "")
    return {
        "score_gap": abs(points - answer.quality_score) >= GAP,
        "status_lowered": status != answer.lead_status and not out,
        "status_against_score": any(_contradict(*pair) for pair in (model_said, (points, status))) and not out,
        "vendor_disagrees": status == opposite,
        "complaint_missed": status == "qualified" and answer.topic != "complaint" and complains(prepared),
    }


def _about_texts(answer: ModelOutput, analysis: Analysis, prepared: PreparedCall) -> dict[str, bool]:
    texts = (analysis.qualification_comment, analysis.summary, analysis.summary_ru)
    out = _is_out(analysis)
    return {
        "name_not_said": answer.full_name is not None and analysis.contact.full_name is None and not out,
        "summary_not_russian": analysis.summary_ru == NO_RUSSIAN and bool(answer.summary_ru),
        "texts_missing": prepared.is_conversation and not all(_says_something(text) for text in texts),
        "text_not_in_call": bool(analysis.details.get("ungrounded")),
    }


def complains(prepared: PreparedCall) -> bool:
    """Whether the caller complains of something, by their words alone."""
    return any(pattern("proof", "complaint").search(fold(turn.text)) for turn in prepared.call.caller_turns)


def _contradict(points: int, status: str | None) -> bool:
    """A good lead is not turned away; what is no lead is not qualified."""
    return (points >= GOOD and status == "disqualified") or (points <= WEAK and status == "qualified")


def _texts(analysis: Analysis) -> Iterator[tuple[str, str]]:
    yield "qualification_comment", analysis.qualification_comment
    yield "summary", analysis.summary
    yield "summary_ru", analysis.summary_ru if analysis.summary_ru != NO_RUSSIAN else ""
    yield "recommendations", " ".join(f"{text}." for text in analysis.recommendations)


def _says_something(text: str) -> bool:
    return sum(letter.isalpha() for letter in text) > 2 and text != NO_RUSSIAN  # noqa: PLR2004 — a word


def _words_said(prepared: PreparedCall) -> int:
    return sum(len(turn.text.split()) for turn in prepared.turns if turn.speaker is Speaker.CALLER)


def _has_talked(prepared: PreparedCall) -> bool:
    return prepared.is_conversation and _words_said(prepared) >= TALKED_WORDS


def _is_long(prepared: PreparedCall) -> bool:
    is_long = (prepared.call.duration_seconds or 0) >= LONG_SECONDS or _words_said(prepared) >= LONG_WORDS
    return prepared.is_conversation and is_long


def _is_out(analysis: Analysis) -> bool:
    return "caller_is_minor" in analysis.flags or "do_not_contact" in analysis.flags
