"""A run's figures, flat and with their units in the names: for the record, and for the table made from the same."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tools.verify.load.cpu import CRM, EMULATOR, SENDER, difference, is_function
from tools.verify.load.measured import Cost, Run
from tools.verify.load.watch import thinned

FAILED_IDS_KEPT = 100
OURS_TO_ASK = {"sqs GetQueueAttributes"}  # this tool's own looks; no function asks it while a call is on its way


def figures(run: Run) -> dict[str, Any]:
    """All of them."""
    return {
        **_sent(run),
        **_found(run),
        **_speed(run),
        **_repeated(run),
        **_cost("phase_1", run.costs[0], run.costs[1], run),
        **_cost("whole_run", run.costs[0], run.costs[2], run),
        "aws_requests_per_event": _requests(run),
        "series": _series(run),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed (nearest rank); 0 for none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else 0.0


def _sent(run: Run) -> dict[str, Any]:
    sent, events = run.sent, len(run.plan.event_ids)
    return {
        "events": events,
        "webhooks": len(run.plan.sends),
        "webhooks_repeated": len(run.plan.sends) - events,
        "body_bytes": run.body_bytes,
        "webhooks_per_second": _rate(sent.requests, sent.took),
        "sender_late_max_ms": round(1000 * sent.latest_start),
        "answers_by_status": {str(status or "none"): count for status, count in sorted(sent.statuses.items())},
        **{f"ack_p{share}_ms": _ms(percentile(sent.seconds, share / 100)) for share in (50, 95, 99)},
        "ack_max_ms": _ms(max(sent.seconds, default=0.0)),
    }


def _found(run: Run) -> dict[str, Any]:
    found = run.findings
    kinds = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
    return {
        "acknowledged": len(run.sent.acknowledged),
        "leads": len(run.leads),
        **{name: len(ids) for name, ids in kinds.items()},
        "failed_ids": {name: list(ids)[:FAILED_IDS_KEPT] for name, ids in kinds.items() if ids},
    }


def _speed(run: Run) -> dict[str, Any]:
    due, began = run.sent.first_due, min(run.sent.first_due.values())
    to_lead = [lead.created_at - due[lead.event_id] for lead in run.leads if lead.event_id in due]
    last = max((lead.created_at for lead in run.leads), default=began)
    late = [lead.created_at - run.drained_from for lead in run.leads if lead.created_at > run.drained_from]
    return {
        "phase_1_s": round(run.sent.took, 1),
        "all_leads_after_s": round(last - began, 1),
        "leads_per_second": _rate(len(run.leads), last - began),
        "drained_leads": len(late),
        "drain_95_percent_s": round(percentile(late, 0.95), 1),
        "drain_s": round(max(late, default=0.0), 1),
        "drained_leads_per_second": _rate(len(late), max(late, default=0.0)),
        **{f"to_lead_p{share}_s": round(percentile(to_lead, share / 100), 2) for share in (50, 95)},
        "to_lead_max_s": round(max(to_lead, default=0.0), 2),
    }


def _repeated(run: Run) -> dict[str, Any]:
    events = [run.stored[name] for name in run.plan.event_ids if name in run.stored]
    attempts = Counter(event.attempts for event in events)
    return {
        "repeats_recorded": sum(event.duplicates for event in events),
        "events_by_attempts": {str(number): count for number, count in sorted(attempts.items())},
        "events_swept": sum(event.sweeps > 0 for event in events),
        "dead_letters_redriven": sum(run.drained.redriven.values()),
        "messages_left": run.drained.left,
        "redrives": run.drained.redrives,
    }


def _cost(phase: str, before: Cost, after: Cost, run: Run) -> dict[str, Any]:
    used, seconds = difference(after.cpu, before.cpu), after.at - before.at
    events = len(run.plan.event_ids)
    ours = sum(value for part, value in used.items() if is_function(part))
    without_sender = sum(used.values()) - used.get(SENDER, 0.0)
    return {
        f"{phase}_cpu_ms_per_event": {part: _ms(value / events) for part, value in used.items() if value},
        f"{phase}_cpu_share_emulator": _share(used.get(EMULATOR, 0.0), without_sender),
        f"{phase}_cpu_share_functions": _share(ours, without_sender),
        f"{phase}_cpu_share_crm_simulator": _share(used.get(CRM, 0.0), without_sender),
        f"{phase}_emulator_cores_busy": round(used.get(EMULATOR, 0.0) / seconds, 2),
        f"{phase}_functions_cores_busy": round(ours / seconds, 2),
    }


def _requests(run: Run) -> dict[str, float]:
    before, after, events = run.costs[0].requests, run.costs[2].requests, len(run.plan.event_ids)
    made = {name: count - before.get(name, 0) for name, count in after.items() if name not in OURS_TO_ASK}
    each = {name: round(count / events, 2) for name, count in sorted(made.items()) if count}
    return {"all": round(sum(made.values()) / events, 2)} | each


def _series(run: Run) -> dict[str, list[float]]:
    looks = thinned(run.looks)
    names = [field.name for field in dataclasses.fields(looks[0])] if looks else []
    return {name: [getattr(look, name) for look in looks] for name in names}


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)


def _rate(count: int, seconds: float) -> float:
    return round(count / seconds, 1) if seconds else 0.0


def _share(part: float, whole: float) -> float:
    return round(part / whole, 3) if whole else 0.0
