"""What one dispatch costs above the least that any dispatch must do: one POST and two transactions.

    python -m tools.verify.bench.dispatch [--rounds N] [--out FILE]

Baseline: a POST on a kept connection to the CRM simulator, and the two transactions that claim and record an attempt,
called by hand, with all that ours records. Ours: the whole use case, with its reading, decision, field map, classifier
and the real adapters. DynamoDB is moto's and the CRM the simulator's, in this process, so that their cost is in both.
Rounds alternate, medians of processor time are compared.
"""

from __future__ import annotations

import gc
import os
import statistics
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import httpx
from moto import mock_aws

from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint
from functions.dispatch.classify import Terms
from functions.dispatch.field_map import field_map
from functions.dispatch.usecases.dispatch import Mode, dispatch
from functions.dispatch.wire import Wire, compose, terms
from postcall.aws import clients
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.event_table import EventTable
from postcall.aws.standings import Standings
from postcall.domain.analysis import Analysis, AnalysisSource, RecordedAnalysis
from postcall.domain.clock import SystemClock
from postcall.domain.event import CallEvent, IncomingCall, Source
from postcall.domain.messages import CallAnalyzed
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome, Verdict
from postcall.domain.said import said
from postcall.domain.status import Status
from tests.support.in_memory_aws import ANALYSES, CIRCUITS, DISPATCHES, EVENTS, REGION, make_resources
from tools.simulators.crm.simulator import CrmSimulator
from tools.verify.bench.findings import Bench, Findings, alternate, processor_seconds

LANDING = "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b"
ORIGIN = "https://mir.utlik.pro"
Side = Callable[[CallEvent, str], None]


class Sides:
    """Both sides, over the same tables and the same CRM."""

    def __init__(self, crm: CrmSimulator) -> None:
        client = clients.dynamodb()
        self._events = EventTable(client, EVENTS, None, ttl_days=1)
        self._analyses = AnalysisTable(client, analyses=ANALYSES, events=EVENTS, ttl_days=1)
        self._standings = Standings(client, events=EVENTS, circuits=CIRCUITS, analyses=self._analyses)
        self._dispatches = DispatchTable(client, dispatches=DISPATCHES, events=EVENTS, ttl_days=1)
        self._url = crm.service_url
        self._http = httpx.Client(trust_env=False, headers={"Origin": ORIGIN, "Referer": f"{ORIGIN}/"})
        self._crm = BpmsoftCrm(Endpoint(crm.service_url, ORIGIN, f"{ORIGIN}/", 10), Terms())
        self._wire = Wire(LANDING, field_map("letter"))
        self._analysis = Analysis(source=AnalysisSource.OFFLINE, summary_ru="Клиент ищет квартиру. " * 20)

    def analysed(self, event_id: str) -> CallEvent:
        """A stored event that waits to be sent (not timed).

        Raises:
            RuntimeError: The event was not stored.
        """
        now = datetime.now(UTC)
        call = IncomingCall(event_id, Source.API, "analyze_request", b"{}")
        clients.dynamodb().put_item(TableName=EVENTS, Item=_item(call, now))
        self._analyses.record(RecordedAnalysis(event_id, 1, now, self._analysis))
        event = self._events.get(event_id)
        if event is None:
            raise RuntimeError("The event was not stored.")
        return event

    def payload(self, event: CallEvent) -> str:
        """The lead's body (not timed: the baseline is handed it, ours makes its own)."""
        return compose(event, self._analysis, wire=self._wire).payload

    def baseline(self, event: CallEvent, payload: str) -> None:
        """The claim's and the record's transaction, and a bare POST of the same body."""
        begun = datetime.now(UTC)
        attempt = Attempt(event.event_id, 1, AttemptStatus.SENDING, payload, begun, terms=terms(event, wire=self._wire))
        self._dispatches.claim(event, attempt, lease_until=begun + timedelta(seconds=60))
        answer = self._http.post(self._url, content=payload.encode(), headers={"Content-Type": "application/json"})
        now = datetime.now(UTC)
        taken = round((now - begun).total_seconds() * 1000)
        verdict = Verdict(Outcome.DELIVERED, said("crm.saved"), answer.status_code, answer.text, duration_ms=taken)
        self._dispatches.record(event, attempt, verdict, status=Status.DELIVERED, retry=False, now=now)

    def ours(self, event: CallEvent, _payload: str) -> None:
        """The whole use case.

        Raises:
            RuntimeError: The lead was not delivered.
        """
        done = dispatch(
            CallAnalyzed(event.event_id),
            standing=self._standings.standing(event.event_id),
            events=self._events,
            dispatches=self._dispatches,
            compose=lambda stored, analysis: compose(stored, analysis, wire=self._wire),
            crm=self._crm,
            mode=Mode(enabled=True, dry_run=False, terms=partial(terms, wire=self._wire), lease=timedelta(seconds=60)),
            clock=SystemClock(),
        )
        if done.verdict is None or done.verdict.outcome is not Outcome.DELIVERED:
            raise RuntimeError(f"The lead was not delivered: {done.reason}")

    @staticmethod
    def forget(event: CallEvent) -> None:
        """Take the event out again (not timed): moto copies whole tables for a transaction, so they must stay small."""
        client, event_id = clients.dynamodb(), {"S": event.event_id}
        client.delete_item(TableName=EVENTS, Key={"event_id": event_id})
        client.delete_item(TableName=ANALYSES, Key={"event_id": event_id, "revision": {"N": "1"}})
        client.delete_item(TableName=DISPATCHES, Key={"event_id": event_id, "attempt": {"N": "1"}})

    def close(self) -> None:
        """Close the naive side's connection; ours are closed by each exchange."""
        self._http.close()


def _item(call: IncomingCall, now: datetime) -> dict[str, dict[str, str]]:
    text = {"event_id": call.event_id, "source": call.source, "type": call.type, "status": "received"}
    times = dict.fromkeys(("received_at", "updated_at"), now.isoformat())
    return {name: {"S": str(value)} for name, value in (text | times).items()} | {"attempts": {"N": "0"}}


def measure(rounds: int) -> Findings:
    """Medians of `rounds` dispatches a side."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": REGION}
    with mock_aws(), CrmSimulator() as crm:
        make_resources()
        bench = Sides(crm)
        numbers = count()
        sides: dict[str, Side] = {"baseline": bench.baseline, "ours": bench.ours}

        def once(side: Side) -> float:
            event = bench.analysed(f"call-{next(numbers)}")
            payload = bench.payload(event)
            gc.collect()  # else the garbage of what is not timed falls to either side by chance
            spent = processor_seconds(lambda: side(event, payload))
            bench.forget(event)
            return spent

        gc.freeze()
        taken = alternate({name: partial(once, side) for name, side in sides.items()}, rounds)
        bench.close()
    medians = {name: statistics.median(values) * 1000 for name, values in taken.items()}
    found = Findings(not_covered=["DynamoDB's and the CRM's own time: both stand in this process."])
    found.note(
        post_and_two_transactions_ms=medians["baseline"],
        dispatch_ms=medians["ours"],
        dispatch_times_baseline=medians["ours"] / medians["baseline"],
    )
    return found


BENCH = Bench("dispatch", __doc__.splitlines()[0], measure, size=150, size_means="rounds")

if __name__ == "__main__":
    BENCH.main()
