"""One environment of the analysis with calls waiting: how many it drains a second, and what each is billed.

    PYTHONPATH=BUILD python environment.py CALLS

The environment is this process: it is given as many messages an invocation as the build's own event source gives it,
the next as soon as it has answered. The model thinks for a second. AWS is moto's, here, and its time counts as ours,
but for the copies of whole tables by which it could take a transaction back.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from copy import copy
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import tree  # type: ignore[import-not-found]  # beside this file, whatever build runs it
from moto.dynamodb.models.table import Table

MODEL_SECONDS = 1.0
BODY_BYTES = 26_000
_CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 110_000, aws_request_id="bench")


def main(calls: int) -> None:
    """Print the figures as one line of JSON."""
    batch = messages_an_invocation()
    # A copy comes before each transaction, and none of these is taken back.
    Table.__deepcopy__ = lambda table, _memo: copy(table)  # type: ignore[attr-defined]
    with (
        _model() as stub,
        tree.bench("findings").silence(),
        tree.sandbox("http://127.0.0.1:9/", api_key="invented", OPENAI_BASE_URL=stub.base_url) as ours,
    ):
        for number in range(calls + 1):
            tree.ingest(ours, tree.bench("bodies").webhook(f"conv_bench{number:023}", size=BODY_BYTES))
        ours.analyse()  # not timed: what a process makes once
        spent, busy = _drained(ours, calls, batch)
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    figures = {
        "drained_per_second": calls / spent,
        "billed_ms_a_call": spent / calls * 1000,
        "processor_ms_a_call": busy / calls * 1000,
        "messages_an_invocation": batch,
        "memory_mb": int(peak) / 1024,
    }
    print(json.dumps(figures))


def messages_an_invocation() -> int:
    """What production's event source gives; one, where the build has no setting for it.

    Asked in a process of its own: what reads the settings must not count as the environment's memory.
    """
    asked = "from infra.environments import load; print(getattr(load('prod').queues, 'analysis_batch', 1))"
    if not tree.IS_NOW:
        return 1
    return int(subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout)


def _drained(ours: Any, calls: int, batch: int) -> tuple[float, float]:  # noqa: ANN401 — a harness, of either build
    """Seconds, and seconds of the processor."""
    import functions.analysis.handler as analysis  # noqa: PLC0415 — imported by the harness first, as settings want it

    begun, busy, left = time.monotonic(), time.process_time(), calls
    while left:
        found = ours.poller.receive_message(
            QueueUrl=ours.queues.analysis,
            MaxNumberOfMessages=batch,
            MessageSystemAttributeNames=["All"],
        )["Messages"]
        answer = analysis.handler({"Records": [tree.sqs_record()(message) for message in found]}, _CONTEXT)
        if answer["batchItemFailures"]:
            raise RuntimeError("A message of the analysis was not served.")
        for message in found:
            ours.poller.delete_message(QueueUrl=ours.queues.analysis, ReceiptHandle=message["ReceiptHandle"])
        left -= len(found)
    return time.monotonic() - begun, time.process_time() - busy


def _model() -> Any:  # noqa: ANN401 — a server, of either build
    module = tree.model_stub()

    def slowly(seconds: float, request: Any) -> Any:  # noqa: ANN401 — the stub's own
        time.sleep(seconds)
        return module.SCENARIOS["ok"](request)

    return module.ModelStub(partial(slowly, MODEL_SECONDS))


if __name__ == "__main__":
    main(int(sys.argv[1]))
