"""The auditor: judges an event by what is seen from outside, under the simulation's names of the promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from postcall.domain.status import NEEDS_ATTENTION, Status
from tools.verify.chaos.evidence import Evidence
from tools.verify.chaos.stage import AT_REST
from tools.verify.simulation.promises import Promise

MAY_HAVE_MADE_A_LEAD = {"success", "unknown", "sending"}
NOBODY_ASKED = {"dry_run", "skipped"}


@dataclass(frozen=True)
class Finding:
    """A promise that is broken, and by what."""

    promise: Promise
    event_id: str
    how: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.event_id}: {self.how}"


def audit(evidence: Evidence, *, allowed: frozenset[Status], repeats_conflict: bool) -> list[Finding]:
    """Everything that is wrong with an event; nothing, if the promises are kept.

    `allowed` are the final statuses that the schedule's sentence allows. No schedule forces a second lead.
    """
    if evidence.record is None:
        if not evidence.acknowledged:
            return []
        return [Finding(Promise.ACKNOWLEDGED_IS_STORED, evidence.event_id, "a 200 was answered; nothing is stored")]
    checks = (
        _comes_to_its_end(evidence, allowed),
        _no_doubles(evidence, repeats_conflict=repeats_conflict),
        _recorded_truly(evidence),
        _on_the_record(evidence),
        _person_is_told(evidence),
    )
    return [Finding(promise, evidence.event_id, how) for check in checks for promise, how in check]


Found = Iterator[tuple[Promise, str]]


def _comes_to_its_end(evidence: Evidence, allowed: frozenset[Status]) -> Found:
    if evidence.status not in AT_REST:
        yield Promise.COMES_TO_REST, f"it stands at {evidence.status}"
    elif evidence.status not in allowed:
        yield Promise.NOT_LOST, f"it ended {evidence.status} and should be {' or '.join(sorted(allowed))}"


def _no_doubles(evidence: Evidence, *, repeats_conflict: bool) -> Found:
    if evidence.leads > 1:
        yield Promise.NOT_DOUBLED, f"{evidence.leads} leads"
    possible = [
        row
        for row in evidence.attempts
        if row["status"] in MAY_HAVE_MADE_A_LEAD and (row["resolution"] is None or row["resolution"]["delivered"])
    ]
    if not repeats_conflict and len(possible) > 1:
        yield Promise.ONE_POSSIBLE_SEND, f"{len(possible)} attempts may each have made a lead"


def _recorded_truly(evidence: Evidence) -> Found:
    if evidence.status == Status.DELIVERED and evidence.leads == 0:
        yield Promise.RECORDED_TRULY, "it is delivered by our record, and the CRM has no lead"
    if evidence.status in {Status.REJECTED, Status.DRY_RUN, Status.DISABLED, Status.EXCLUDED} and evidence.leads:
        yield Promise.RECORDED_TRULY, f"it is {evidence.status} by our record, and the CRM has a lead"


def _on_the_record(evidence: Evidence) -> Found:
    rows = [row for row in evidence.attempts if row["status"] not in NOBODY_ASKED]
    if len(evidence.requests) > len(rows):
        yield Promise.ON_THE_RECORD, f"{len(evidence.requests)} requests reached the CRM, {len(rows)} are on the record"
    if any(request.body not in [row["payload"] for row in rows] for request in evidence.requests):
        yield Promise.ON_THE_RECORD, "a request's body is not the one on the record"
    if evidence.record is not None and evidence.record["event"]["attempts"] != len(evidence.attempts):
        yield Promise.ON_THE_RECORD, f"the event counts other attempts than the {len(evidence.attempts)} there are"
    if evidence.status in AT_REST and any(row["status"] == "sending" for row in evidence.attempts):
        yield Promise.ON_THE_RECORD, "an attempt looks as if it went on"


def _person_is_told(evidence: Evidence) -> Found:
    if evidence.status in NEEDS_ATTENTION and not evidence.dead_letters:
        yield Promise.PERSON_IS_TOLD, f"it is {evidence.status}, and no dead letter names it"
