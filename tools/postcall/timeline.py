"""One call as a story: what happened when, what was concluded, what was sent, and what the CRM said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.rule import Rule
from rich.text import Text

from tools.postcall.language import word
from tools.postcall.screen import facts, table
from tools.postcall.words import format_time, plain, size, span, status_sentence, status_word

Members = dict[str, Any]
Line = tuple[str, str, str]  # when (an API time), what, more
ANSWER_SHOWN = 2_000


def rendered(detail: Members, *, every_attempt: bool = False) -> Iterator[RenderableType]:
    """The whole page; `every_attempt` shows what each attempt sent, not only the last."""
    yield _head(detail["event"])
    yield table(("when", "what", ""), ((format_time(when), what, more) for when, what, more in timeline(detail)))
    if detail.get("analysis"):
        yield Rule("Analysis", align="left", style="dim")
        yield _analysis(detail["analysis"])
    attempts = detail.get("dispatches") or []
    for attempt in attempts if every_attempt else attempts[-1:]:
        yield Rule(f"Attempt {attempt['attempt']} of {len(attempts)}", align="left", style="dim")
        yield from _attempt(attempt)
    if detail.get("call"):
        yield Rule("Transcript", align="left", style="dim")
        yield _transcript(detail["call"])


def timeline(detail: Members) -> list[Line]:
    """What happened, in the order of time."""
    event = detail["event"]
    lines: list[Line] = [(event["received_at"], f"received from {event['source']}", size(event.get("payload_bytes")))]
    analyses = [detail.get("analysis"), *(detail.get("earlier_analyses") or [])]
    lines += [_analysed(analysis) for analysis in analyses if analysis]
    for attempt in detail.get("dispatches") or []:
        lines.extend(_tried(attempt))
    order = event.get("resend_order")
    if order:
        how = "forced, " if order.get("forced") else ""
        state = "waits to be served" if order.get("is_open") else "served"
        lines.append((order["requested_at"], f"resend ordered by {order['requested_by']}", f"{how}{state}"))
    if event.get("duplicate_count") or event.get("revision_count"):
        repeats = f"{event.get('duplicate_count') or 0} repeats, {event.get('revision_count') or 0} with another body"
        lines.append((event["updated_at"], "came again", f"{repeats}; never sent twice for that"))
    return sorted(lines, key=lambda line: line[0])


def _head(event: Members) -> RenderableType:
    contact = event.get("contact") or {}
    status = event["status"]
    sentence = word("status.stalled.about") if event.get("stalled") else status_sentence(status)
    return facts(
        (
            ("event", Text(event["event_id"], style="bold")),
            ("status", Text.assemble(status_word(status), f"  {sentence}")),
            ("reason", event.get("status_reason") or ""),
            ("contact", ", ".join(str(value) for value in contact.values() if value)),
            ("agent", " · ".join(filter(None, (event.get("agent_name"), event.get("agent_id"))))),
            ("conversation", event.get("conversation_id") or ""),
            ("updated", format_time(event.get("updated_at"))),
            ("possible now", ", ".join(event.get("possible") or [])),
            ("erased", _erased(event.get("erasure") or {})),
        )
    )


def _erased(erasure: Members) -> str:
    if not erasure:
        return ""
    left = "" if erasure.get("complete") else "; something is left: erase again"
    return f"{format_time(erasure['erased_at'])} by {erasure['erased_by']}: {plain(erasure['kinds'])}{left}"


def _analysed(analysis: Members) -> Line:
    by = analysis.get("model") if analysis.get("source") == "openai" else "the rules alone, without a model"
    judged = " · ".join(str(analysis[name]) for name in ("topic", "intent", "lead_status") if analysis.get(name))
    return analysis["recorded_at"], f"analysed by {by}", f"revision {analysis['revision']}  {judged}".strip()


def _tried(attempt: Members) -> Iterator[Line]:
    who = f", ordered by {attempt['requested_by']}" if attempt.get("requested_by") else ""
    forced = ", forced" if attempt.get("forced") else ""
    yield (
        attempt["started_at"],
        f"attempt {attempt['attempt']}: {attempt['status']}{forced}{who}",
        _outcome(attempt),
    )
    resolution = attempt.get("resolution")
    if resolution:
        found = "the CRM has it" if resolution.get("delivered") else "the CRM does not have it"
        when = attempt.get("resolved_at") or attempt.get("finished_at") or attempt["started_at"]
        yield when, f"resolved by {resolution.get('resolved_by')}: {found}", resolution.get("reason") or ""


def _outcome(attempt: Members) -> str:
    http = f"HTTP {attempt['http_status']}" if attempt.get("http_status") else ""
    return " · ".join(filter(None, (http, span(attempt.get("duration_ms")), attempt.get("detail"))))


def _analysis(analysis: Members) -> RenderableType:
    labels = (analysis.get("details") or {}).get("labels") or {}

    def label(name: str) -> str:
        code = analysis.get(name)
        return "" if code is None else f"{labels.get(name, code)} ({code})" if labels.get(name) else str(code)

    usage = analysis.get("usage") or {}
    cost = usage.get("cost_usd")
    return facts(
        (
            ("topic", label("topic")),
            ("intent", label("intent")),
            ("lead status", label("lead_status")),
            ("quality", plain(analysis.get("quality_score"))),
            ("summary", analysis.get("summary") or ""),
            ("in Russian", analysis.get("summary_ru") or ""),
            ("recommended", "; ".join(analysis.get("recommendations") or [])),
            ("comment", analysis.get("qualification_comment") or ""),
            ("to be reviewed", plain(analysis.get("flags")) if analysis.get("needs_review") else ""),
            ("cost", f"{cost:.5f} USD" if isinstance(cost, int | float) else ""),
        )
    )


def _attempt(attempt: Members) -> Iterator[RenderableType]:
    yield facts(
        (
            ("status", attempt["status"]),
            ("outcome", plain(attempt.get("outcome"))),
            ("in words", attempt.get("detail") or ""),
            ("cut", "; ".join(attempt.get("warnings") or [])),
            ("answer", str(attempt.get("answer") or "")[:ANSWER_SHOWN]),
        )
    )
    yield table(
        ("column", "value"),
        sent_columns(attempt.get("payload")),
        title="What was sent" if attempt.get("crm_was_asked", True) else "What would be sent: the CRM was not asked",
    )


def sent_columns(payload: Any) -> list[tuple[str, str]]:  # noqa: ANN401 — either wire format's JSON
    """The columns and values of a request, whichever of the two bodies it has."""
    if not isinstance(payload, dict):
        return []
    form = payload.get("formData", payload)
    parts = ("fields", "contactFields", "formFieldsData", "contactFieldsData")
    return [(str(pair["name"]), str(pair["value"])) for part in parts for pair in form.get(part) or []]


def _transcript(call: Members) -> RenderableType:
    return table(
        ("at", "who", "said"),
        (
            (
                "" if turn.get("at_seconds") is None else f"{turn['at_seconds'] // 60}:{turn['at_seconds'] % 60:02d}",
                Text(str(turn.get("speaker")), style="cyan" if turn.get("speaker") == "agent" else "bold"),
                str(turn.get("text") or ""),
            )
            for turn in call.get("turns") or []
        ),
    )
