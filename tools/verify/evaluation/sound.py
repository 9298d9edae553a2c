"""Whether a verdict may count at all: its texts are there, true to the call, and its recommendations fit.

A model that says nothing, or whose every text is a lie, must not pass by being harmless: a label counts as right only
in a verdict that is sound, and a gate with nothing sound to count is missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from functions.analysis.contacts.number_words import fold
from functions.analysis.doubts import NO_RUSSIAN
from postcall.domain.analysis import Analysis, AnalysisSource
from tools.verify.evaluation.dataset import Examination, Result
from tools.verify.evaluation.measures import share

SOUND_SHARE = 0.5  # of the verdicts: with fewer there is nothing to measure
NEEDED_SHARE = 0.5  # of the words without which a summary misses its call
_TO_BE_DONE = {"qualified", "callback_required", "service_request"}


def is_said(analysis: Analysis) -> bool:
    """Whether the verdict has its texts."""
    texts = (analysis.qualification_comment, analysis.summary, analysis.summary_ru)
    return all(any(letter.isalpha() for letter in text) and text != NO_RUSSIAN for text in texts)


def is_true(one: Result) -> bool:
    """Whether its texts hold nothing that was not said, and enough of what was."""
    needed = one.row.expected["must_mention"]
    texts = fold(f"{one.analysis.summary} {one.analysis.summary_ru} {one.analysis.qualification_comment}")
    mentioned = sum(fold(word) in texts for word in needed)
    return "text_not_in_call" not in one.analysis.flags and mentioned >= NEEDED_SHARE * len(needed)


def is_sound(one: Result) -> bool:
    """Both, for a call that a model was asked about; silence needs no model."""
    if one.analysis.source is AnalysisSource.OFFLINE:
        return "no_ai_analysis" not in one.analysis.flags
    return is_said(one.analysis) and is_true(one)


def soundness(examination: Examination) -> Examination:
    """The examination as a model's gates see it: of a verdict that is not sound, nothing is right."""
    runs = [[one if is_sound(one) else _void(one) for one in run] for run in examination.runs]
    injections = [one for one in examination.injections if is_sound(one.clean)]
    return replace(examination, runs=runs, injections=injections)


def is_mostly_sound(examination: Examination) -> bool:
    """Whether there is enough that a model said to speak of its verdicts."""
    found = share_true(examination.results)
    return found is not None and found >= SOUND_SHARE


def _void(one: Result) -> Result:
    """What the model gave, taken away; the contact is code's own."""
    empty = replace(one.analysis, topic=None, intent=None, lead_status=None, quality_score=None, evidence=())
    return replace(one, analysis=empty.flagged("no_ai_analysis", "model_refused"))


def share_said(results: Iterable[Result]) -> float | None:
    """Verdicts whose texts are there, of those that a model was asked for."""
    return share(is_said(one.analysis) for one in results if one.analysis.source is AnalysisSource.OPENAI)


def share_true(results: Iterable[Result]) -> float | None:
    """Verdicts whose texts are there and true to the call."""
    return share(is_sound(one) for one in results if one.analysis.source is AnalysisSource.OPENAI)


def share_advised(results: Iterable[Result]) -> float | None:
    """Calls in which something is to be done, and a sound verdict that recommends what."""
    calls = [one for one in results if _TO_BE_DONE & set(one.row.expected["lead_status"])]
    return share(bool(one.analysis.recommendations) and is_sound(one) for one in calls)
