"""The settings under which schedules run: the template's, with the long waits shortened and what an act asks for.

Production waits for minutes where a schedule may wait for seconds. The order of the waits stays what the template
guarantees: the CRM's time-out < the function's < the lease < the queue's visibility.
"""

from __future__ import annotations

from dataclasses import dataclass

RECEIVES = 32  # as in production: the local template's few receives are for demonstrations
FUNCTION = "postcall-local-"


@dataclass(frozen=True)
class Waits:
    """In seconds."""

    crm: float = 6.0
    dispatch: int = 10  # the CRM's time-out, and what is left to record the outcome
    lease: int = 11
    dispatch_visibility: int = 12
    model: int = 4
    analysis: int = 10  # it keeps five seconds back to record what the model said
    analysis_visibility: int = 11

    def visibility(self) -> dict[str, int]:
        """By step."""
        return {"analysis": self.analysis_visibility, "dispatch": self.dispatch_visibility}


LONG_WAITS = Waits(dispatch=20, lease=21, dispatch_visibility=22, analysis=20, analysis_visibility=21)


@dataclass(frozen=True)
class ActSettings:
    """What an act of schedules asks for. `repeats_conflict`: the CRM refuses a second lead of the same event."""

    repeats_conflict: bool = False
    waits: Waits = Waits()
    breaker_failures: int = 1_000
    standing_seconds: int = 10  # until the sweep sees an event: the shortest that reconciliation takes
    max_sweeps: int = 5
    dry_run: bool = False
    retrying_seconds: int = 25  # and one for which the queue comes back: later than the CRM asks it to

    def variables(self) -> dict[str, dict[str, str]]:
        """The functions' variables that differ from the template's."""
        deduplication = {"CRM_DEDUPLICATION": "event_id" if self.repeats_conflict else "none"}
        return {
            "intake": {},
            "analysis": {
                "OPENAI_DEADLINE_SECONDS": str(self.waits.model),
                "ANALYSIS_RETRY_BASE_SECONDS": "1",
                "ANALYSIS_RETRY_CAP_SECONDS": "2",
                "ANALYSIS_MAX_WAIT_SECONDS": "30",
            },
            "dispatch": {
                "CRM_TIMEOUT_SECONDS": f"{self.waits.crm:g}",
                "DISPATCH_LEASE_SECONDS": str(self.waits.lease),
                "DISPATCH_RETRY_BASE_SECONDS": "0.5",
                "DISPATCH_RETRY_CAP_SECONDS": "2",
                "EXTERNAL_CRM_DRY_RUN": str(self.dry_run).lower(),
                "CRM_BREAKER_FAILURES": str(self.breaker_failures),
                "CRM_BREAKER_RECOVERY_SECONDS": "2",
            }
            | deduplication,
            "operations": deduplication,
            "reconciliation": {
                "RECONCILIATION_MAX_SWEEPS": str(self.max_sweeps),
                "RECONCILIATION_STALLED_AFTER_SECONDS": str(self.standing_seconds),
                "RECONCILIATION_RETRYING_AFTER_SECONDS": str(self.retrying_seconds),
            },
        }

    def timeouts(self) -> dict[str, int]:
        """The functions' own time-outs that differ."""
        return {"analysis": self.waits.analysis, "dispatch": self.waits.dispatch}
