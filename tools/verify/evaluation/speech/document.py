"""The table "what is heard, what is not" in docs/analysis.md: made from the short examination's counts."""

from __future__ import annotations

from pathlib import Path

from tools.verify.evaluation.speech.counts import Counts, by, category, counted
from tools.verify.evaluation.speech.outcome import Outcome
from tools.verify.evaluation.speech.patterns import about

DOCUMENT = Path(__file__).parents[4] / "docs" / "analysis.md"
BEGIN, END = "<!-- heard -->\n", "<!-- /heard -->\n"
_LANGUAGES = {"ru": "Russian", "be": "Belarusian", "en": "English"}


def written(document: str, outcomes: list[Outcome]) -> str:
    """The document with this examination's table in it.

    Raises:
        ValueError: For one that has no place for it.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("The document has no place for the table.")
    return f"{before}{begin}{heard(outcomes)}{end}{after}"


def heard(outcomes: list[Outcome]) -> str:
    """A row a kind of speech, a row a language, and one for everything."""
    kinds = {f"{about(name)}": counts for name, counts in by(outcomes, category).items()}
    languages = by(outcomes, lambda one: _LANGUAGES[one.utterance.pattern.language])
    rows = kinds | {f"*{name}*": counts for name, counts in languages.items()}
    rows |= {"**altogether**": counted(outcomes)}
    head = "| what is said | utterances | right | missed | of these in silence | wrong |\n|---|---|---|---|---|---|\n"
    return head + "".join(_row(name, counts) for name, counts in rows.items())


def _row(name: str, counts: Counts) -> str:
    numbers = (counts.total, f"{counts.share_right():.1%}", counts.missed, counts.silent, counts.wrong)
    return f"| {name} | {' | '.join(map(str, numbers))} |\n"
