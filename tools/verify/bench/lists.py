"""What an operator's lists and pages cost with 1,000 and with 100,000 events: the same requests, the same bytes.

    python -m tools.verify.bench.lists [--events N] [--out FILE]

The real handler answers over moto, whose table is filled past its API (`fill.py`). Counted are the requests
to AWS and the bytes of their answers; how long moto takes to look through its memory says nothing about DynamoDB.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from tools.simulators.crm.simulator import CrmSimulator
from tools.verify.bench.counting import Requests, counted
from tools.verify.bench.fill import event_id, fill
from tools.verify.bench.findings import Bench, Findings, Target, silence
from tools.verify.bench.sandbox import BenchHarness, sandbox

FEW = 1_000
NEAR = 1.05  # bytes of a page may differ by the length of a number
READ = 50  # an event of the filling
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "list": ("/api/events", {}),
    "list_of_100": ("/api/events", {"limit": "100", "status": "delivered"}),
    "list_by_status": ("/api/events", {"status": "rejected"}),
    "detail": (f"/api/events/{event_id(READ)}", {}),
    "call": (f"/api/events/{event_id(READ)}/call", {}),
}


@dataclass(frozen=True)
class Page:
    """What was asked of AWS for one page, and the bytes of the answers."""

    requests: int
    received_bytes: int


def measure(events: int) -> Findings:
    """Ask for each page with `FEW` and with `events` events in the table."""
    found = Findings(
        not_covered=[
            "How long DynamoDB takes: an index is read from its key on, whatever its size, but here it is moto's.",
            "The numbers of a day and the ledger: they read all of a day's events, and say so.",
        ]
    )
    few, many = pages(FEW), pages(events)
    for name, page in many.items():
        before = few[name]
        found.note(
            **{
                f"{name}_requests_at_{FEW}": before.requests,
                f"{name}_requests_at_{events}": page.requests,
                f"{name}_bytes_at_{FEW}": before.received_bytes,
                f"{name}_bytes_at_{events}": page.received_bytes,
                f"{name}_requests_more": page.requests - before.requests,
                f"{name}_bytes_ratio": page.received_bytes / before.received_bytes,
            }
        )
        found.hold(Target(f"{name}_requests_more", 0, exact=True), Target(f"{name}_bytes_ratio", NEAR, exact=True))
    return found


def pages(events: int) -> dict[str, Page]:
    """What each page asks of AWS, and the second page of the list, with so many events in the table."""
    with (
        silence(),
        CrmSimulator() as crm,
        counted() as requests,
        sandbox(crm.service_url) as ours,
    ):
        fill(ours, events)
        found = {name: _asked(ours, requests, path, query)[0] for name, (path, query) in PAGES.items()}
        cursor = _asked(ours, requests, "/api/events", {})[1]["next_cursor"]
        found["list_second_page"] = _asked(ours, requests, "/api/events", {"cursor": cursor})[0]
    return found


def _asked(ours: BenchHarness, requests: Requests, path: str, query: dict[str, str]) -> tuple[Page, dict[str, str]]:
    requests.begin()
    answer = ours.call_api(path, **query)
    if answer["statusCode"] != 200:  # noqa: PLR2004 — a page
        raise RuntimeError(f"{path} is answered {answer['statusCode']}.")
    return Page(requests.operations.total(), requests.received_bytes), json.loads(answer["body"])


BENCH = Bench("lists", __doc__.splitlines()[0], measure, size=100_000, size_means="events")

if __name__ == "__main__":
    BENCH.main()
