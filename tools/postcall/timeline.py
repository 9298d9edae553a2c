"""One call as a story: what happened when, what was concluded, what was sent, and what the CRM said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.rule import Rule
from rich.text import Text

from postcall.domain.json_object import JsonObject
from postcall.domain.said import said, words
from tools.postcall.language import label, say, sentence_of, tell, word
from tools.postcall.screen import facts, table
from tools.postcall.words import format_time, plain, size, span, status_sentence, status_word

Line = tuple[str, str, str]  # when (an API time), what, more
ANSWER_SHOWN = 2_000


def rendered(detail: JsonObject, *, every_attempt: bool = False) -> Iterator[RenderableType]:
    """The whole page; `every_attempt` shows what each attempt sent, not only the last."""
    yield _head(detail["event"])
    yield table(("when", "what", ""), ((format_time(when), what, more) for when, what, more in timeline(detail)))
    if detail.get("analysis"):
        yield Rule(label("Analysis"), align="left", style="dim")
        yield _analysis(detail["analysis"])
    attempts = detail.get("dispatches") or []
    for attempt in attempts if every_attempt else attempts[-1:]:
        yield Rule(say("cli.attempt_of", number=attempt["attempt"], all=len(attempts)), align="left", style="dim")
        yield from _attempt(attempt)
    if detail.get("call"):
        yield Rule(label("Transcript"), align="left", style="dim")
        yield _transcript(detail["call"])


def timeline(detail: JsonObject) -> list[Line]:
    """What happened, in the order of time."""
    event = detail["event"]
    lines: list[Line] = [
        (
            event["received_at"],
            say("cli.received", source=_known("source", event["source"])),
            size(event.get("payload_bytes")),
        )
    ]
    analyses = [detail.get("analysis"), *(detail.get("earlier_analyses") or [])]
    lines += [_analysed(analysis) for analysis in analyses if analysis]
    for attempt in detail.get("dispatches") or []:
        lines.extend(_tried(attempt))
    order = event.get("resend_order")
    if order:
        states = [say("cli.forced")] if order.get("forced") else []
        states.append(say("cli.order_open") if order.get("is_open") else say("cli.order_served"))
        lines.append((order["requested_at"], say("cli.resent", who=order["requested_by"]), ", ".join(states)))
    if event.get("duplicate_count") or event.get("revision_count"):
        repeats, others = event.get("duplicate_count") or 0, event.get("revision_count") or 0
        counts = say("cli.repeats", repeats=repeats, others=others)
        lines.append((event["updated_at"], say("cli.came_again"), counts))
    return sorted(lines, key=lambda line: line[0])


def _flags(analysis: JsonObject) -> str:
    return ", ".join(_known("flag", flag) for flag in analysis.get("flags") or []) or "–"


def _known(group: str, name: str | None) -> str:
    """The word for a name of the API; one of a later version is shown as it is."""
    return "–" if not name else word(f"{group}.{name}") if f"{group}.{name}" in words() else name


def _head(event: JsonObject) -> RenderableType:
    contact = event.get("contact") or {}
    status = event["status"]
    sentence = word("status.stalled.about") if event.get("stalled") else status_sentence(status)
    return facts(
        (
            ("event", Text(event["event_id"], style="bold")),
            ("status", Text.assemble(status_word(status), f"  {sentence}")),
            ("reason", sentence_of(event, "status_reason")),
            ("contact", ", ".join(str(value) for value in contact.values() if value)),
            ("agent", " · ".join(filter(None, (event.get("agent_name"), event.get("agent_id"))))),
            ("conversation", event.get("conversation_id") or ""),
            ("updated", format_time(event.get("updated_at"))),
            ("possible now", ", ".join(event.get("possible") or [])),
            ("erased", _erased(event.get("erasure") or {})),
        )
    )


def _erased(erasure: JsonObject) -> str:
    if not erasure:
        return ""
    kinds = plain(erasure["kinds"])
    erased = said("cli.erased_by", when=format_time(erasure["erased_at"]), who=erasure["erased_by"], kinds=kinds)
    return tell(erased if erasure.get("complete") else said("cli.erase_left", erased=erased))


def _analysed(analysis: JsonObject) -> Line:
    by_model = analysis.get("source") == "openai"
    what = say("cli.analysed_by", model=analysis.get("model")) if by_model else say("cli.analysed_by_rules")
    judged = " · ".join(str(analysis[name]) for name in ("topic", "intent", "lead_status") if analysis.get(name))
    return analysis["recorded_at"], what, f"{say('cli.revision', number=analysis['revision'])}  {judged}".strip()


def _tried(attempt: JsonObject) -> Iterator[Line]:
    what = say("cli.tried", number=attempt["attempt"], status=_known("attempt", attempt["status"]))
    if attempt.get("forced"):
        what = say("cli.tried_forced", attempt=what)
    if attempt.get("requested_by"):
        what = say("cli.tried_by", attempt=what, who=attempt["requested_by"])
    yield attempt["started_at"], what, _outcome(attempt)
    resolution = attempt.get("resolution")
    if resolution:
        code = "cli.resolved" if resolution.get("delivered") else "cli.resolved_not"
        when = attempt.get("resolved_at") or attempt.get("finished_at") or attempt["started_at"]
        yield when, say(code, who=resolution.get("resolved_by")), resolution.get("reason") or ""


def _outcome(attempt: JsonObject) -> str:
    http = f"HTTP {attempt['http_status']}" if attempt.get("http_status") else ""
    return " · ".join(filter(None, (http, span(attempt.get("duration_ms")), sentence_of(attempt, "detail"))))


def _analysis(analysis: JsonObject) -> RenderableType:
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
            ("to be reviewed", _flags(analysis) if analysis.get("needs_review") else ""),
            ("cost", f"{cost:.5f} USD" if isinstance(cost, int | float) else ""),
        )
    )


def _attempt(attempt: JsonObject) -> Iterator[RenderableType]:
    yield facts(
        (
            ("status", _known("attempt", attempt["status"])),
            ("outcome", _known("outcome", attempt.get("outcome"))),
            ("in words", sentence_of(attempt, "detail")),
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


def _transcript(call: JsonObject) -> RenderableType:
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
