"""Seeded bugs in erasures and in further analyses."""

from __future__ import annotations

from dataclasses import replace

from postcall.domain.analysis import RecordedAnalysis
from tools.verify.simulation.promises import Promise
from tools.verify.simulation.seeding import Edit, SeededBug
from tools.verify.simulation.store import AuditedStore

ERASE = "functions.operations.usecases.erase"


class RecordsEveryAnalysis(AuditedStore):
    """A second worker's analysis of the same call is kept beside the first."""

    def record_analysis(self, recorded: RecordedAnalysis) -> bool:
        done = super().record_analysis(recorded)
        if not done and self.recorded.get(recorded.event_id):
            self._keep(replace(recorded, revision=len(self.recorded[recorded.event_id]) + 1))
        return done


IN_THE_COMMANDS = (
    SeededBug(
        "analysed_twice",
        "two workers' analyses of one call are both kept",
        frozenset({Promise.ANALYSED_ONCE}),
        chosen={"store": RecordsEveryAnalysis},
    ),
    SeededBug(
        "erased_while_it_is_sent",
        "a call is erased while a worker sends its lead",
        frozenset({Promise.ERASED_STAYS_ERASED, Promise.ON_THE_RECORD}),  # what leaves is emptied before it leaves
        (Edit(ERASE, "    if being_sent is not None:", "    if False:"),),
    ),
    SeededBug(
        "erased_in_part",
        "an erasure leaves what the call was analysed as",
        frozenset({Promise.ERASED_STAYS_ERASED}),
        (Edit(ERASE, "*eraser.clear(event_id)", '"analyses"'),),
    ),
)
