"""How long each function's calls to our own store can take at worst, beside the time that the function has.

    python -m tools.verify.bench.timeouts

The table of docs/capacity.md, "When our own store is slow"; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.environments import load
from infra.names import Step
from postcall.aws.clients import BACKOFF_SECONDS, WORST_CALL_SECONDS, WORST_COMMAND_SECONDS
from postcall.aws.invocation import SECONDS_TO_END
from tools.verify.bench.requests import STATED, stated

# Secrets that a process reads with its first message, and what a step does beside the calls that are counted for it.
SECRETS = {"intake": 1, "analysis": 2, "dispatch": 0, "operations": 1, "reconciliation": 1}
BREAKER_WRITES = 2  # a failure is counted and opens the circuit
RECORD_REPEATS = 2  # functions.dispatch.usecases.dispatch.RECORD_TRIES, beside the first
STEPS: dict[Step, str] = {
    "intake": "intake_",
    "analysis": "analysis",
    "dispatch": "dispatch",
    "operations": "detail",
    "reconciliation": "sweep_",
}


@dataclass(frozen=True)
class Row:
    """A function, its calls to our store in a row, and seconds: of all calls at their worst, of others, of its own."""

    function: str
    calls: int
    worst: int
    elsewhere: float
    timeout: int

    @property
    def ends(self) -> float:
        """When its last call has ended at the latest: no try outlasts the invocation."""
        return float(min(self.worst + self.elsewhere, self.timeout - SECONDS_TO_END + BACKOFF_SECONDS))


def rows(environment: str = "prod") -> list[Row]:
    """A row for each function: of a call, a request, the messages of a batch, or a sweep of what was counted."""
    chosen = load(environment)
    elsewhere = {
        "analysis": float(chosen.analysis.openai_deadline_seconds),
        "dispatch": chosen.dispatch.crm_timeout_seconds,
        "operations": float(WORST_COMMAND_SECONDS),
    }
    return [
        Row(
            function,
            calls := _calls(function, begins, chosen.queues.analysis_batch if function == "analysis" else 1),
            calls * WORST_CALL_SECONDS,
            elsewhere.get(function, 0.0),
            chosen.functions[function].timeout_seconds,
        )
        for function, begins in STEPS.items()
    ]


def _calls(function: Step, begins: str, messages: int) -> int:
    steps = [step for step in STATED if step.startswith(begins)]
    more = BREAKER_WRITES + RECORD_REPEATS if function == "dispatch" else 0
    return messages * max(sum(stated(step, in_s3=True).values()) for step in steps) + SECRETS[function] + more


def table() -> str:
    """The table as it stands in the document."""
    head = (
        "",
        "calls in a row",
        "each at its worst",
        "all at their worst",
        "beside them",
        "ends at the latest",
        "the function has",
    )
    cells = (
        (
            row.function,
            row.calls,
            f"{WORST_CALL_SECONDS} s",
            f"{row.worst} s",
            f"{row.elsewhere:g} s",
            f"{row.ends:g} s",
            f"{row.timeout} s",
        )
        for row in rows()
    )
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in (head, ("---",) * len(head), *cells))


if __name__ == "__main__":
    print(table())
