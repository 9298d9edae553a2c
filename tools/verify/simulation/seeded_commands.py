"""Seeded bugs in erasures, in further analyses and in the choice of a content."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from functions.dispatch.classify import Exchange
from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.outcome import Attempt, Verdict
from tools.verify.simulation.crm import Request, SimulatedCrm
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.promises import Promise
from tools.verify.simulation.seeding import Edit, SeededBug
from tools.verify.simulation.store import AuditedStore

ERASE = "functions.operations.usecases.erase"
USE_REVISION = "functions.operations.usecases.use_revision"


class RecordsEveryAnalysis(AuditedStore):
    """A second worker's analysis of the same call is kept beside the first."""

    def record_analysis(self, recorded: RecordedAnalysis) -> bool:
        done = super().record_analysis(recorded)
        if not done and self.recorded.get(recorded.event_id):
            self._keep(replace(recorded, revision=len(self.recorded[recorded.event_id]) + 1))
        return done


class TakesWhatComesLate(AuditedStore):
    """What a worker tells of an erased call is kept with its words."""

    def _finish(self, attempt: Attempt, verdict: Verdict, now: datetime) -> None:
        self.emptied.clear()
        super()._finish(attempt, verdict, now)


class ErasedAsItAnswers(SimulatedCrm):
    """No bug but bad luck: whenever a lead reaches the CRM, an operator erases its call."""

    def _exchange(self, request: Request) -> Exchange:
        self._kernel.later(0, lambda: self._network.tempted(Fault.OPERATOR_ERASES, request.event_id))
        return super()._exchange(request)


IN_THE_COMMANDS = (
    SeededBug(
        "content_before_its_order",
        "the content of a call is exchanged in one write and the analysis of it ordered in another",
        frozenset({Promise.CONTENT_IS_ANALYSED}),
        (
            Edit(
                USE_REVISION,
                "    if not revisions.use(event_id, sha256, order):",
                "    revisions.exchange(event_id, sha256)\n    if not revisions.use(event_id, sha256, order):",
            ),
        ),
        chosen={"acts": ((200, Fault.OPERATOR_USES_REVISION),)},
        one_crash=True,
    ),
    SeededBug(
        "analysed_twice",
        "two workers' analyses of one call are both kept",
        frozenset({Promise.ANALYSED_ONCE}),
        chosen={"store": RecordsEveryAnalysis},
    ),
    SeededBug(
        "erased_while_it_is_sent",
        "a call is erased while a worker sends its lead, and what it then tells is kept",
        frozenset({Promise.ERASED_STAYS_ERASED, Promise.ON_THE_RECORD}),  # what leaves is emptied before it leaves
        (Edit(ERASE, "    if being_sent is not None:", "    if False:"),),
        chosen={"crm": ErasedAsItAnswers, "store": TakesWhatComesLate},
    ),
    SeededBug(
        "erased_in_part",
        "an erasure leaves what the call was analysed as",
        frozenset({Promise.ERASED_STAYS_ERASED}),
        (Edit(ERASE, "*eraser.clear(event_id)", '"analyses"'),),
    ),
)
