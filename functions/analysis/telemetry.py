"""What the analysis step says about its work: one log line an analysis and a few counts, nothing personal."""

from __future__ import annotations

from functions.analysis.fallback_analyst import ModelUnavailable
from postcall.aws.observe import count, logger
from postcall.domain.analysis import Analysis
from postcall.domain.errors import Unavailable

ALARMING = {"model_out_of_credit": "ModelOutOfCredit", "model_misconfigured": "ModelMisconfigured"}


def report_done(event_id: str, analysis: Analysis, *, duration_ms: int) -> None:
    """The canonical line of an analysis, and its counts."""
    logger().info(
        "analysis.done",
        extra={
            "event_id": event_id,
            "source": analysis.source.value,
            "model": analysis.model,
            "needs_review": analysis.needs_review,
            "flags": list(analysis.flags),
            "duration_ms": duration_ms,
            "input_tokens": analysis.usage.input_tokens,
            "output_tokens": analysis.usage.output_tokens,
        },
    )
    count("AnalysesDone")
    if "no_ai_analysis" in analysis.flags:
        count("AnalysesOffline")
    for flag, metric in ALARMING.items():
        if flag in analysis.flags:
            count(metric)
    if "judgement_crashed" in analysis.flags:
        logger().error("analysis.judgement_crashed", extra=analysis.details.get("model_failure", {}))
        count("RecordsFailed")


def report_spans_alone(event_id: str, *, reason: object) -> None:
    """A call that is judged by its spans: the whole conversation was not to be had, and why."""
    logger().info("analysis.spans_alone", extra={"event_id": event_id, "reason": reason})


def report_waiting(error: Unavailable, *, seconds: int) -> None:
    """A message that waits: why (the sentence is free of personal data), and for how long."""
    logger().warning("analysis.postponed", extra={"reason": str(error), "seconds": seconds})
    if isinstance(error, ModelUnavailable):
        count("ModelUnavailable")
        if error.misconfigured:
            count(ALARMING[error.flag])
