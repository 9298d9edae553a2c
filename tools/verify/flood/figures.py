"""What the phases tell: counts, which have targets, and times as ratios within the run."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tools.verify.bench.findings import Findings, Target
from tools.verify.flood.phases import Phases
from tools.verify.load.cpu import EMULATOR, SENDER, difference
from tools.verify.load.figures import percentile
from tools.verify.load.measured import Run

QUARANTINE, EVENTS, BUCKET = "quarantine", "webhook_events", "s3 PUT"
WRITES_A_POST: Final = 0.02
TIMES_ITS_QUIET_TIME: Final = 2.0
SHARES: Final = (50, 95, 99)
NOT_COVERED: Final = (
    "API Gateway's throttle is not met: the posts come as fast as production's lets them in, without its refusals.",
    "The emulator, the functions and the sender share the machine's cores: the times are ratios within the run.",
    "AWS starts as many environments of the function as a flood needs; here there are a few.",
    "An address of ElevenLabs' own cannot be forged over TCP: here every post comes from one stranger.",
)


def figures(phases: Phases) -> Findings:
    """All figures, and the targets of the counts and of the ratios."""
    found = Findings(not_covered=NOT_COVERED)
    forged = phases.flood.planned
    found.note(
        forged_posts=forged,
        forged_posts_per_second=phases.flood.requests / phases.flood.took,
        forged_not_refused=sum(phases.flood.statuses.values()) - phases.flood.statuses[401],
        forged_answers=_answers(phases.flood.statuses),
        genuine_calls=len(phases.busy.plan.event_ids),
        genuine_not_taken=_not_taken(phases.busy),
        genuine_not_taken_in_quiet=_not_taken(phases.quiet),
        genuine_not_acknowledged_at_once=sum(phases.busy.sent.statuses.values()) - phases.busy.sent.statuses[200],
        leads=len(phases.busy.leads),
    )
    writes, minutes = _writes(phases.busy) - _writes(phases.quiet), phases.flood.took / 60
    found.note(writes_of_the_flood=writes.total(), writes_a_forged_post=writes.total() / forged)
    found.note(writes_a_minute_of_flood=writes.total() / minutes)
    found.note(target_met_from_posts_a_second=writes.total() / minutes / 60 / WRITES_A_POST)
    found.note(**{f"flood_{name.replace(' ', '_')}": count for name, count in sorted(writes.items())})
    _note_times(found, phases)
    _note_costs(found, phases)
    found.hold(
        Target("genuine_not_taken", 0, exact=True),
        Target("forged_not_refused", 0, exact=True),
        Target("writes_a_forged_post", WRITES_A_POST, exact=True),
        Target("ack_p50_times_its_quiet_time", TIMES_ITS_QUIET_TIME),
        Target("ack_p95_times_its_quiet_time", TIMES_ITS_QUIET_TIME),
    )
    return found


def _note_times(found: Findings, phases: Phases) -> None:
    for share in SHARES:
        quiet, busy = (percentile(run.sent.seconds, share / 100) for run in (phases.quiet, phases.busy))
        found.note(
            **{
                f"quiet_ack_p{share}_ms": round(1000 * quiet, 1),
                f"ack_p{share}_ms": round(1000 * busy, 1),
                f"ack_p{share}_times_its_quiet_time": busy / quiet,
            }
        )


def _note_costs(found: Findings, phases: Phases) -> None:
    """What a forged post takes of the processor, part by part, and of intake's log."""
    quiet, busy = (difference(run.costs[2].cpu, run.costs[0].cpu) for run in (phases.quiet, phases.busy))
    forged = phases.flood.planned
    for part in ("intake", EMULATOR, SENDER):
        found.note(**{f"{part}_cpu_ms_a_forged_post": 1000 * (busy.get(part, 0.0) - quiet.get(part, 0.0)) / forged})
    found.note(
        log_bytes_a_forged_post=(phases.log_bytes[1] - phases.log_bytes[0]) / forged,
        log_bytes_a_genuine_call=phases.log_bytes[0] / len(phases.quiet.plan.event_ids),
    )


def _not_taken(run: Run) -> int:
    """Calls that are not exactly one lead; a call in the quarantine is none, and counts."""
    return len(run.findings.named)


def _writes(run: Run) -> Counter[str]:
    """What a refusal can write: the quarantine, its index by person among the events, a large body in S3.

    Sweeps and schedules write elsewhere, so a phase that took longer has no more of them here.
    """
    before, after = run.costs[0], run.costs[2]
    made = Counter(after.writes) - Counter(before.writes)
    found = Counter({name: count for name, count in made.items() if _is_of_a_refusal(name)})
    found[BUCKET] = after.requests.get(BUCKET, 0) - before.requests.get(BUCKET, 0)
    return +found


def _is_of_a_refusal(name: str) -> bool:
    table, _, operation = name.partition(" ")
    return table.endswith(QUARANTINE) or (table.endswith(EVENTS) and operation == "PutItem")


def _answers(statuses: Counter[int]) -> str:
    return ", ".join(f"{count} × {status or 'none'}" for status, count in sorted(statuses.items()))
