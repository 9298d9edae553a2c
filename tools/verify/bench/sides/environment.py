"""One environment of the analysis with calls waiting: how many it drains a second, and what each is billed.

    PYTHONPATH=BUILD python environment.py CALLS

The environment is this process: it is given as many messages an invocation as the build's own event source gives it,
the next as soon as it has answered. The model thinks for a second. The calls are analysed twice: by moto's AWS, whose
answers are kept, and then, timed, with these, each after `AWS_SECONDS`: what an emulator computes is no work of the
environment's, and AWS's own time is none of its processor's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

sys.path.insert(0, str(Path(__file__).parent))

import tree  # type: ignore[import-not-found]  # beside this file, whatever build runs it
from botocore.awsrequest import AWSPreparedRequest
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import botocore_stubber

MODEL_SECONDS = 1.0
AWS_SECONDS = 0.005
Answer = Any  # status, headers and body, as moto gives them
BODY_BYTES = 26_000
_CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 110_000, aws_request_id="bench")


class KeptAnswers(BotocoreStubber):
    """AWS's answers in the order in which they were given: to the same request, or else to the same operation.

    A write holds the time of day, so that it is never the same one; all are answered alike.
    """

    kept: ClassVar[defaultdict[object, list[Answer]]] = defaultdict(list)
    are_given = False

    def process_request(self, request: AWSPreparedRequest) -> Answer:
        """As moto's own, which is asked as long as answers are not given."""
        operation = (request.url, request.headers.get("X-Amz-Target"))
        body = request.body.encode() if isinstance(request.body, str) else request.body
        if self.are_given:
            time.sleep(AWS_SECONDS)
            same = self.kept[operation, body]
            return same.pop(0) if same else self.kept[operation][0]
        answer = super().process_request(request)
        for key in (operation, (operation, body)):
            self.kept[key].append(answer)
        return answer


def main(calls: int) -> None:
    """Print the figures as one line of JSON."""
    batch = messages_an_invocation()
    botocore_stubber.__class__ = KeptAnswers
    with (
        _model() as stub,
        tree.bench("findings").silence(),
        tree.sandbox("http://127.0.0.1:9/", api_key="invented", OPENAI_BASE_URL=stub.base_url) as ours,
    ):
        for number in range(calls):
            tree.ingest(ours, tree.bench("bodies").webhook(f"conv_bench{number:023}", size=BODY_BYTES))
        invocations = [*_received(ours, batch)]
        _drained(invocations)
        KeptAnswers.are_given = True
        begun, busy = time.monotonic(), time.process_time()
        _drained(invocations)
        spent, busy = time.monotonic() - begun, time.process_time() - busy
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


def _received(ours: Any, batch: int) -> Iterator[dict[str, Any]]:  # noqa: ANN401 — a harness, of either build
    """All that waits, as Lambda's pollers hand it over; what they themselves do is no work of the environment's."""
    asked = {"QueueUrl": ours.queues.analysis, "MaxNumberOfMessages": batch, "MessageSystemAttributeNames": ["All"]}
    while found := ours.poller.receive_message(**asked).get("Messages"):
        yield {"Records": [tree.sqs_record()(message) for message in found]}


def _drained(invocations: list[dict[str, Any]]) -> None:
    """Serve them, one after another."""
    import functions.analysis.handler as analysis  # noqa: PLC0415 — imported by the harness first, as settings want it

    for invocation in invocations:
        if analysis.handler(invocation, _CONTEXT)["batchItemFailures"]:
            raise RuntimeError("A message of the analysis was not served.")


def _model() -> Any:  # noqa: ANN401 — a server, of either build
    module = tree.model_stub()

    def slowly(seconds: float, request: Any) -> Any:  # noqa: ANN401 — the stub's own
        time.sleep(seconds)
        return module.SCENARIOS["ok"](request)

    return module.ModelStub(partial(slowly, MODEL_SECONDS))


if __name__ == "__main__":
    main(int(sys.argv[1]))
