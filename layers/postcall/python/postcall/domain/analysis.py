"""What was concluded about a call, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from postcall.domain.call import Contact


class AnalysisSource(StrEnum):
    """Who made the analysis; shown wherever the analysis is."""

    OPENAI = "openai"  # a model behind an OpenAI-compatible server
    OFFLINE = "offline"  # no model: contacts and the vendor's own fields, nothing judged


@dataclass(frozen=True)
class Usage:
    """What the model call cost: tokens, and US dollars where the price is known."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


@dataclass(frozen=True)
class Evidence:
    """A caller's own words behind a judgement; `verified` when found verbatim in the named turn."""

    quote: str
    turn: int
    verified: bool = False


@dataclass(frozen=True)
class Analysis:
    """The labels a sales manager reads. Codes are ours; the field map turns them into the CRM's values.

    `topic`, `intent`, `lead_status` and `quality_score` (1 to 5) are None where nobody judged them.
    """

    source: AnalysisSource
    contact: Contact = Contact()
    topic: str | None = None
    intent: str | None = None
    lead_status: str | None = None
    quality_score: int | None = None
    qualification_comment: str = ""
    summary: str = ""
    summary_ru: str = ""
    recommendations: tuple[str, ...] = ()
    language: str | None = None
    signals: dict[str, bool] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[str, ...] = ()  # why a person should look: e.g. instruction_attempt, caller_is_minor
    needs_review: bool = False
    model: str | None = None
    prompt_version: str | None = None
    request_id: str | None = None
    usage: Usage = Usage()
    details: dict[str, Any] = field(default_factory=dict)

    def flagged(self, *flags: str) -> Analysis:
        """The same analysis with more reasons to be reviewed."""
        return replace(self, flags=tuple(dict.fromkeys((*self.flags, *flags))), needs_review=True)


@dataclass(frozen=True)
class RecordedAnalysis:
    """An analysis as it stands in `analyses`: one revision of one event."""

    event_id: str
    revision: int
    recorded_at: datetime
    analysis: Analysis
    requested_by: str | None = None  # set for a revision that an operator ordered
    reason: str | None = None
