"""What one dispatch costs above the least that any dispatch must do: one POST and two transactions.

    python -m tools.bench.dispatch [--rounds N]

Baseline: a POST on a kept connection to the CRM simulator, and the two transactions that claim and record an attempt,
called by hand. Ours: the whole use case, with decision, field map, classifier and the real adapters. DynamoDB is moto's
in this process (its cost is in both); rounds alternate, medians are compared.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
from moto import mock_aws

from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint
from functions.dispatch.classify import Terms
from functions.dispatch.field_map import field_map
from functions.dispatch.usecase import Mode, dispatch
from functions.dispatch.wire import Wire, compose
from postcall.aws import clients
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.event_table import EventTable
from postcall.domain.analysis import Analysis, AnalysisSource, RecordedAnalysis
from postcall.domain.clock import SystemClock
from postcall.domain.event import CallEvent, IncomingCall, Source
from postcall.domain.messages import CallAnalyzed
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome, Verdict
from postcall.domain.status import Status
from tools.crm_simulator.simulator import CrmSimulator

LANDING = "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b"
ORIGIN = "https://mir.utlik.pro"
KEYS = {
    "webhook_events": [("event_id", "S")],
    "analyses": [("event_id", "S"), ("revision", "N")],
    "crm_dispatches": [("event_id", "S"), ("attempt", "N")],
}


class Bench:
    """Both sides, over the same tables and the same CRM."""

    def __init__(self, crm: CrmSimulator) -> None:
        client = clients.dynamodb()
        self._events = EventTable(client, "webhook_events", None, ttl_days=1)
        self._analyses = AnalysisTable(client, analyses="analyses", events="webhook_events", ttl_days=1)
        self._dispatches = DispatchTable(client, dispatches="crm_dispatches", events="webhook_events", ttl_days=1)
        self._url = crm.service_url
        self._http = httpx.Client(trust_env=False, headers={"Origin": ORIGIN, "Referer": f"{ORIGIN}/"})
        self._crm = BpmsoftCrm(Endpoint(crm.service_url, ORIGIN, f"{ORIGIN}/", 10), Terms())
        self._wire = Wire(LANDING, field_map("local"))
        self._analysis = Analysis(source=AnalysisSource.OFFLINE, summary_ru="Клиент ищет квартиру. " * 20)

    def analysed(self, event_id: str) -> CallEvent:
        """A stored event that waits to be sent (not timed)."""
        now = datetime.now(UTC)
        call = IncomingCall(event_id, Source.API, "analyze_request", b"{}")
        clients.dynamodb().put_item(TableName="webhook_events", Item=_item(call, now))
        self._analyses.record(RecordedAnalysis(event_id, 1, now, self._analysis))
        event = self._events.get(event_id)
        if event is None:
            raise RuntimeError("The event was not stored.")
        return event

    def baseline(self, event: CallEvent) -> None:
        """The claim's and the record's transaction, and a bare POST of the same body."""
        payload = compose(event, self._analysis, wire=self._wire).payload
        begun = time.perf_counter()
        attempt = Attempt(event.event_id, 1, AttemptStatus.SENDING, payload, datetime.now(UTC))
        self._dispatches.claim(event, attempt, lease_until=attempt.started_at + timedelta(seconds=60))
        answer = self._http.post(self._url, content=payload.encode(), headers={"Content-Type": "application/json"})
        verdict = Verdict(Outcome.DELIVERED, "saved", http_status=answer.status_code)
        now = datetime.now(UTC)
        self._dispatches.record(event, attempt, verdict, status=Status.DELIVERED, again=False, now=now)
        self.seconds = time.perf_counter() - begun

    def ours(self, event: CallEvent) -> None:
        """The whole use case."""
        begun = time.perf_counter()
        done = dispatch(
            CallAnalyzed(event.event_id),
            events=self._events,
            analyses=self._analyses,
            dispatches=self._dispatches,
            compose=lambda stored, analysis: compose(stored, analysis, wire=self._wire),
            crm=self._crm,
            mode=Mode(enabled=True, dry_run=False, repeats_are_safe=False, lease=timedelta(seconds=60)),
            clock=SystemClock(),
        )
        self.seconds = time.perf_counter() - begun
        if done.verdict is None or done.verdict.outcome is not Outcome.DELIVERED:
            raise RuntimeError(f"The lead was not delivered: {done.reason}")

    def close(self) -> None:
        """Close both connections."""
        self._http.close()
        self._crm.close()


def _item(call: IncomingCall, now: datetime) -> dict[str, dict[str, str]]:
    text = {"event_id": call.event_id, "source": call.source, "type": call.type, "status": "received"}
    times = dict.fromkeys(("received_at", "updated_at"), now.isoformat())
    return {name: {"S": str(value)} for name, value in (text | times).items()} | {"attempts": {"N": "0"}}


def _tables() -> None:
    for table, key in KEYS.items():
        clients.dynamodb().create_table(
            TableName=table,
            KeySchema=[
                {"AttributeName": name, "KeyType": "HASH" if number == 0 else "RANGE"}
                for number, (name, _) in enumerate(key)
            ],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S" if kind == "S" else "N"} for name, kind in key
            ],
            BillingMode="PAY_PER_REQUEST",
        )


def measure(rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each round: baseline, ours. The first of each is left out."""
    found: dict[str, list[float]] = {"baseline": [], "ours": []}
    with CrmSimulator() as crm:
        bench = Bench(crm)
        sides: dict[str, Callable[[CallEvent], None]] = {"baseline": bench.baseline, "ours": bench.ours}
        for number in range(rounds + 1):
            for name, run in sides.items():
                run(bench.analysed(f"{name}-{number}"))
                found[name].append(bench.seconds * 1000)
        bench.close()
    return found["baseline"][1:], found["ours"][1:]


def main() -> None:
    """Print both medians and their ratio."""
    parser = argparse.ArgumentParser(description="What one dispatch costs above a POST and two transactions.")
    parser.add_argument("--rounds", type=int, default=200)
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "eu-central-1"}
    rounds = parser.parse_args().rounds
    with mock_aws():
        _tables()
        baseline, ours = (statistics.median(side) for side in measure(rounds))
    print(f"one POST and two transactions   {baseline:7.2f} ms (median of {rounds})")
    print(f"one dispatch                    {ours:7.2f} ms")
    print(print(f"ratio                           {ours / baseline:7.2f}   (reading, judging, composing, classifying)"))


if __name__ == "__main__":
    main()
