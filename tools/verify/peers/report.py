"""What the run found: two tables for a person, and flat figures for the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tools.verify.peers.compare import Found
from tools.verify.peers.count import Count
from tools.verify.peers.failure_scenarios import DOWN_SECONDS
from tools.verify.peers.sender import SHORTENED
from tools.verify.peers.systems import CRM_TIMEOUT_SECONDS

SCENARIOS: Final = {
    "killed": "killed, CRM slow",
    "killed_in_outage": "killed, CRM down",
    "late": "CRM answers late",
    "down": "CRM down",
    "duplicate": "sent twice",
}
MOST_TIMES_FLOOR: Final = 1.5  # Postcall's acknowledgement against a function's that only puts and answers
NOT_COVERED: Final = (
    (
        "Postcall's AWS is emulated on the same cores: its latency, throughput and memory are mostly the emulator's "
        "and say nothing about Lambda. Its functions also analyse each call (offline); the peers only pass it on."
    ),
    (
        "In Postcall the functions' processes are killed, not the emulator: AWS keeps what it has acknowledged, the "
        "emulator keeps it in memory. Of the peers everything is killed, but not the disk or the machine."
    ),
    (
        f"Every system waits {CRM_TIMEOUT_SECONDS} s for the CRM, so that a run takes minutes; left alone n8n waits "
        "300 s, Node-RED 120 s, httpx 5 s, Postcall 30 s. A longer patience makes the late answer rarer, not harmless."
    ),
    (
        f"The sender's waits are shortened {SHORTENED} times, the tools' own are not: an outage of {DOWN_SECONDS:g} s "
        "stands for ten minutes of the sender's time. Where a system is killed the first wait is left at its "
        "30 s, for a restart takes as long as it takes."
    ),
    (
        "ElevenLabs retries only when a workspace has switched that on; it is on here. Without it every refused event "
        "is lost unless somebody looks for it; the half of Postcall's reconciliation that does is not tried here."
    ),
    (
        "With its local settings Postcall gives up on a CRM that is away after seconds, and its sweep sends these "
        "events again some minutes later: it loses none, and their leads are the latest of all. In production its "
        "queue itself waits for hours."
    ),
    "What the FastAPI receiver has stored and nobody works on any more counts as lost: nothing shows it to anybody.",
    (
        "n8n in its cloud, on Postgres, in queue mode, or with its Remove Duplicates node; Node-RED with a queue from "
        "its library; other workflows than these. With the HTTP node's retry left off, as it is by default, n8n would "
        "double less when the CRM is late and lose more when it is down."
    ),
    (
        'While it starts, n8n first answers 200 to every path ("starting up"), which acknowledges an event that it '
        "never sees, and then 404 until its webhooks are registered, after which ElevenLabs never repeats; Node-RED "
        "answers 404 for a moment. A proxy that answers 503 until they are ready would make retries of both."
    ),
    (
        "What n8n lists as failed a person can run again by hand; so can an operator in Postcall. Both are counted as "
        "listed, not as lost."
    ),
    "The kill is one moment of one stream, at which the CRM has a lead in the making; another moment counts otherwise.",
    "The memory is the sum of the processes' resident memory: what two of them share counts twice.",
)


def figures(found: Mapping[str, Found]) -> dict[str, Any]:
    """Flat, `<system>_<what>_<unit>`; events are counts."""
    flat: dict[str, Any] = {"systems_at_once": 1}  # records without it are of four at a time
    for name, one in found.items():
        for what, value in asdict(one.speed).items():
            if isinstance(value, dict):
                flat |= {
                    "_".join(filter(None, (name, part, what))): round(megabytes) for part, megabytes in value.items()
                }
            else:
                flat[f"{name}_{what}"] = round(value, 1)
        if one.faults is not None:
            for scenario in SCENARIOS:
                count: Count = getattr(one.faults, scenario)
                flat |= {f"{name}_{scenario}_{what}_events": number for what, number in asdict(count).items()}
            flat[f"{name}_forged_answer_status"] = one.faults.forged_answer
            flat[f"{name}_forged_leads"] = one.faults.forged_leads
        flat[f"{name}_setting"] = one.setting
        flat |= {f"version_{part}": version for part, version in one.versions.items()}
    if {"postcall", "floor"} <= set(found):
        times = found["postcall"].speed.ack_alone_p50_ms / found["floor"].speed.ack_alone_p50_ms
        flat |= {"postcall_ack_times_floor": round(times, 2), "postcall_ack_times_floor_at_most": MOST_TIMES_FLOOR}
    return {name.replace("_extra_leads_events", "_extra_leads"): value for name, value in flat.items()}


def tell(found: Mapping[str, Found], console: Console) -> None:
    """Print the tables."""
    console.print(_speeds(found))
    console.print(_fates(found))
    console.print(
        "lost: acknowledged, no lead, nobody is told; refused for good: the same, but never acknowledged, and the "
        "sender has given up; listed: the system's own record shows the event as failed or unknown, for a person; "
        "doubled: two leads or more (in brackets the leads too many).\n"
        "Postcall's latency, throughput and memory are those of an emulated AWS on the same cores; alone: its queues "
        "hand out no message meanwhile, as on AWS analysis and dispatch have processors of their own.",
    )


def _speeds(found: Mapping[str, Found]) -> Table:
    table = Table(title="Webhooks of 60 KB")
    for heading in ("", "p50 ms", "p99 ms", "p50 ms, alone", "acknowledged /s", "leads /s", "MB at rest", "MB highest"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, one in found.items():
        speed = one.speed
        table.add_row(
            name,
            f"{speed.ack_p50_ms:.1f}",
            f"{speed.ack_p99_ms:.1f}",
            f"{speed.ack_alone_p50_ms:.1f}",
            f"{speed.acks_per_second:.0f}",
            f"{speed.leads_per_second:.0f}",
            _megabytes(speed.resident_mb_at_rest),
            _megabytes(speed.resident_mb_highest),
        )
    return table


def _megabytes(parts: Mapping[str, float]) -> str:
    return " + ".join(f"{megabytes:.0f}{f' {part}' if part else ''}" for part, megabytes in parts.items())


def _fates(found: Mapping[str, Found]) -> Table:
    table = Table(title="What became of the events")
    table.add_column("")
    for heading in (*SCENARIOS.values(), "forged"):
        table.add_column(heading)
    for name, one in found.items():
        faults = one.faults
        if faults is None:
            continue
        cells = [_fate(getattr(faults, scenario)) for scenario in SCENARIOS]
        forged = f"{faults.forged_answer}, {faults.forged_leads} leads"
        table.add_row(name, *cells, forged, end_section=True)
    return table


def _fate(count: Count) -> str:
    lines = {
        "lost": count.lost,
        "refused for good": count.refused,
        "listed, no lead": count.listed,
        f"doubled (+{count.extra_leads})": count.doubled,
        "listed, with lead": count.listed_with_lead,
    }
    report = [f"{number} {word}" for word, number in lines.items() if number]
    return "\n".join([f"{count.once} of {count.sent} once", *report])
