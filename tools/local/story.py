"""What happens to one call, told step by step: posted, received, analysed, sent, and the lead as the CRM received it.

Reads only public faces: the operator API and the CRM simulator's window.
"""

from __future__ import annotations

import dataclasses
import json
import time
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from tools.local.api import Api
from tools.local.recorded_judgement import MODEL as RECORDED
from tools.local.sample_call import fresh_call

if TYPE_CHECKING:
    from rich.console import Console

    from tools.local.endpoints import Endpoints

LONGEST_SECONDS = 90.0
POLL_SECONDS = 0.1
OK = 200
TOLD = {
    "received": "intake has verified the signature, stored the event and sent it on to the analysis",
    "analyzed": "the conversation has been analysed; the lead goes to the dispatch queue",
    "sending": "dispatch has claimed the event and sends the lead",
    "retrying": "the CRM is unavailable; the queue will try again",
    "delivered": "the CRM has confirmed the lead",
    "partial": "the CRM has the lead, but without some of its values: a person should look",
    "dry_run": "EXTERNAL_CRM_DRY_RUN is true: the payload is recorded, nothing was sent",
    "disabled": "EXTERNAL_CRM_ENABLED is false: nothing was sent",
    "rejected": "the CRM has refused the lead; trying again cannot help: a person should look",
    "unknown": "the CRM may or may not have the lead; it is held for a person, not sent again",
    "excluded": "this event is not a lead",
}
ON_THE_WAY = {"received", "analyzed", "sending", "retrying"}


@dataclasses.dataclass(frozen=True)
class FirstCall:
    """The event of the story; whether it ended as the settings want it."""

    event_id: str | None
    ended_well: bool


def show_first_call(endpoints: Endpoints, console: Console) -> FirstCall:
    """Post the sample call, follow it to its end and show the lead."""
    api = Api(endpoints)
    call = fresh_call(secret=endpoints.webhook_secret, now=int(time.time()))
    console.rule("A sample call")
    answer = api.post_call(call)
    console.print(
        f"POST {endpoints.webhook_url}\n"
        f"  a signed call of {len(call.body)} bytes → {answer.status} {escape(str(answer.body))}",
        highlight=False,
    )
    if answer.status != OK:
        return FirstCall(None, ended_well=False)
    event_id = answer.body["event_id"]
    detail = _follow(api, event_id, console)
    _tell_analysis(detail.get("analysis") or {}, console)
    _tell_dispatches(detail.get("dispatches") or [], console)
    leads = api.leads(event_id) if endpoints.crm_admin_url else []
    _show_leads(leads, detail, console)
    return FirstCall(event_id, ended_well=detail["event"]["status"] in {"delivered", "dry_run", "disabled"})


def tell_how_to_go_on(endpoints: Endpoints, event_id: str | None, console: Console) -> None:
    """Addresses and commands to try."""
    console.rule("To go on")
    token = f'-H "Authorization: Bearer {endpoints.operator_token}"'
    event = event_id or "EVENT_ID"
    lines = [
        ("the calls", ".venv/bin/postcall events"),
        ("one call", f".venv/bin/postcall show {event}"),
        ("send it again", f".venv/bin/postcall resend {event} --force --reason 'to try it'"),
        ("by the API", f"curl {token} {endpoints.api_url}/api/events/{event}"),
    ]
    if endpoints.elevenlabs_admin_url:
        dropped = json.dumps({"deliver": "drop", "ago": 3600})
        since = json.dumps({"since": _yesterday(), "dry_run": False})
        lines += [
            ("lose a webhook", f"curl -d '{dropped}' {endpoints.elevenlabs_admin_url}/api/conversations"),
            ("and find the call", f"curl {token} -d '{since}' {endpoints.api_url}/api/reconcile"),
        ]
    for name, command in lines:
        console.print(f"[bold]{name}[/]\n  {escape(command)}", highlight=False, soft_wrap=True)
    pages = {
        "console, signed in": endpoints.console_url and f"{endpoints.console_url}#token={endpoints.operator_token}",
        "the CRM's leads": endpoints.crm_admin_url,
        "ElevenLabs' calls": endpoints.elevenlabs_admin_url and f"{endpoints.elevenlabs_admin_url}/api/conversations",
        "logs": endpoints.logs,
        "AWS services": endpoints.aws_endpoint_url,
    }
    for name, address in pages.items():
        if address:
            console.print(f"[bold]{name}[/] {address}", highlight=False, soft_wrap=True)


def _yesterday() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400))


def _follow(api: Api, event_id: str, console: Console) -> dict[str, Any]:
    """Say each status once it is known, also one that was over before anybody looked, until the event rests."""
    began = time.monotonic()
    stages: list[str] = []
    while True:
        answer = api.event(event_id)
        detail: dict[str, Any] = answer.body if answer.status == OK else {"event": {"status": ""}}
        status = detail["event"]["status"]
        elapsed = time.monotonic() - began
        for each in _come_by(detail, stages):
            console.print(f"{elapsed:5.1f} s  [bold]{each}[/]: {TOLD.get(each, '')}", highlight=False)
            stages.append(each)
        if status and status not in ON_THE_WAY:
            return detail
        if elapsed > LONGEST_SECONDS:
            console.print(f"It is still {status} after {LONGEST_SECONDS:g} s: the functions' logs say why.")
            return detail
        time.sleep(POLL_SECONDS)


def _come_by(detail: dict[str, Any], before: list[str]) -> list[str]:
    """The statuses that an event has come by since the last of those that were told."""
    status = detail["event"]["status"]
    passed = ["received", "analyzed"] if detail.get("analysis") else ["received"]
    return [each for each in passed if each not in before and status] + [status] * (
        status not in {*before[-1:], *passed, ""}
    )


def _tell_analysis(analysis: dict[str, Any], console: Console) -> None:
    if not analysis:
        return
    console.print(f"\nThe analysis was made {_made_by(analysis)}.", highlight=False)
    if analysis.get("source") == "offline":
        return
    console.print(_table("The judgement", _judgement(analysis)))


def _made_by(analysis: dict[str, Any]) -> str:
    if analysis.get("source") == "offline":
        return (
            "offline, without a language model (no OPENAI_API_KEY): contacts and the agent's own fields, nothing judged"
        )
    if analysis.get("model") == RECORDED:
        return (
            "with a recorded judgement: no language model was asked. It is kept with the sample, to show what a judged "
            "lead looks like; every other call is analysed without a model until OPENAI_API_KEY is set"
        )
    return f"by {analysis.get('model')}"


def _judgement(analysis: dict[str, Any]) -> dict[str, Any]:
    """What was judged, in the words of the CRM, with what the caller said as its proof."""
    labels = (analysis.get("details") or {}).get("labels") or {}
    quotes = [f"«{proof['quote']}»" for proof in analysis.get("evidence") or []]
    return {
        "Topic": labels.get("topic", analysis.get("topic")),
        "Intent": labels.get("intent", analysis.get("intent")),
        "Score": f"{analysis.get('quality_score')} of 5",
        "Quotes": "\n".join(quotes) or "none",
    }


def _tell_dispatches(dispatches: list[dict[str, Any]], console: Console) -> None:
    for attempt in dispatches:
        facts = [f"HTTP {attempt['http_status']}"] if attempt.get("http_status") else []
        facts += [f"{attempt['duration_ms']} ms"] if attempt.get("duration_ms") is not None else []
        facts += [str(attempt["detail"])] if attempt.get("detail") else []
        facts_text = f" ({escape(', '.join(facts))})" if facts else ""
        console.print(f"Attempt {attempt['attempt']}: {attempt['status']}{facts_text}", highlight=False)


def _show_leads(leads: list[dict[str, Any]], detail: dict[str, Any], console: Console) -> None:
    """The leads in the simulated CRM; else what was or would have been sent."""
    for lead in leads:
        rows = lead["fields"] | {f"{name} (contact)": text for name, text in lead["contact"].items()}
        console.print(_table("The lead as the CRM received it", rows))
    attempts = detail.get("dispatches") or []
    if not leads and attempts:
        payload = attempts[-1].get("payload") or {}
        rows = {each["name"]: each["value"] for part in ("fields", "contactFields") for each in payload.get(part, [])}
        was_sent = attempts[-1].get("http_status") is not None
        console.print(_table("What was sent to the CRM" if was_sent else "What would be sent", rows or payload))


def _table(title: str, rows: dict[str, Any]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=True)
    table.add_column("Field", no_wrap=True)
    table.add_column("Value", overflow="fold")
    for name, value in rows.items():
        table.add_row(escape(name), escape(str(value)))
    return table
