"""`python -m tools.verify.rehearsal [--calls N] [--out FILE]`: lose calls on purpose, restore them, look.

Calls are delivered, one waits for a CRM that is away; that is the moment. Afterwards the CRM comes back and that call
is delivered, one is erased, later ones come. Then the rows of most of them are deleted, and `postcall restore` is run
twice, as by somebody who was interrupted. The exit code is 1 where a promise does not hold.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from tools.local.progress import Progress
from tools.local.waiting import wait_until
from tools.verify.load.own_stack import own_stack
from tools.verify.rehearsal.stage import Snapshot, Stage
from tools.verify.report.record import write_record

PROMISES = {
    "rows_not_brought_back": 0,
    "calls_not_readable": 0,
    "rows_changed_that_were_there": 0,
    "rows_brought_back_twice": 0,
    "erased_calls_back": 0,
    "calls_under_way_not_held": 0,
    "leads_sent_again": 0,
}
NOT_COVERED = (
    "How long AWS takes to make the restored tables: here it is instantaneous.",
    "The last restorable moment is here the present; AWS's is about five minutes ago.",
)


def rehearse(stage: Stage, calls: int) -> dict[str, Any]:
    """The rehearsal; its figures."""
    lost, kept, later = ([f"{word}-{number}" for number in range(calls)] for word in ("lost", "kept", "later"))
    stage.bring([*lost, *kept, "erased"])
    stage.rests([*lost, *kept, "erased"], "delivered")
    stage.crm.fail("http_503")
    stage.bring(["waiting"])
    stage.rests(["waiting"], "retrying")
    before, moment = stage.snapshot(), _moment()
    stage.crm.recover()
    stage.erase("erased")
    stage.bring(later)
    stage.rests([*later, "waiting"], "delivered")
    leads = stage.crm.count()
    rows = stage.lose([*lost, "waiting", "erased"])
    untouched = stage.snapshot()
    began = time.monotonic()
    first = stage.restore(moment)
    seconds = time.monotonic() - began
    second = stage.restore(moment)
    held = stage.event("waiting")
    stage.sweep()
    return {
        "calls_lost": len(lost) + 2,
        "rows_lost": rows,
        "rows_restored": _sum(first, "missing"),
        "rows_there": _sum(first, "there"),
        "seconds_to_restore": round(seconds, 1),
        **_broken(stage, before, untouched, lost),
        "rows_brought_back_twice": _sum(second, "missing"),
        "erased_calls_back": int(stage.event("erased").get("erased_at") is None or stage.transcript("erased")),
        "calls_under_way_not_held": int(not held.get("stalled") or held.get("status") != "retrying"),
        "leads_sent_again": stage.crm.count() - leads,
    }


def _broken(stage: Stage, before: Snapshot, untouched: Snapshot, lost: list[str]) -> dict[str, int]:
    """Rows that differ from what they were at the moment, or from what was there."""
    after = stage.snapshot()
    gone = {*lost}
    came = [
        row == after[table].get(key)
        for table, rows in before.items()
        for key, row in rows.items()
        if row.get("event_id", {}).get("S", "").rsplit("/", 1)[-1] in gone
    ]
    stayed = [after[table].get(key) == row for table, rows in untouched.items() for key, row in rows.items()]
    return {
        "rows_not_brought_back": came.count(False),
        "calls_not_readable": sum(not stage.transcript(event_id) for event_id in lost),
        "rows_changed_that_were_there": stayed.count(False),
    }


def _sum(document: dict[str, Any], what: str) -> int:
    return sum(int(each[what]) for each in document["tables"].values())


def _moment() -> str:
    """A whole second that is over: DynamoDB knows no finer one."""
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    wait_until(lambda: datetime.now(UTC) > moment, what="the second is over")
    return f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.verify.rehearsal", description=__doc__)
    parser.add_argument("--calls", type=int, default=20, help="calls of each kind (default: 20)")
    parser.add_argument("--out", type=Path, help="write the record to this file (JSON)")
    asked = parser.parse_args(arguments)
    console, began = Console(soft_wrap=True), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="postcall-restore-") as folder:
        path = Path(folder)
        settings = {"EXTERNAL_CRM_ENABLED": "true", "DISPATCH_RETRY_BASE_SECONDS": "1"}
        with own_stack(path, settings, Progress(console)) as stack:
            figures = rehearse(Stage(path, stack.endpoints), asked.calls)
    for name, value in figures.items():
        console.print(f"{name}: {value}", highlight=False)
    if asked.out is not None:
        command = f"python -m tools.verify.rehearsal --calls {asked.calls}"
        write_record(
            asked.out, command=command, seconds=time.monotonic() - began, figures=figures, not_covered=NOT_COVERED
        )
    return 1 if any(figures[name] != value for name, value in PROMISES.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
