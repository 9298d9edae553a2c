"""How fast dispatch and the analysis empty their queues, against the most that their stubs can take.

    python -m tools.verify.bench.drain [--messages N] [--out FILE]

A stub answers after so many seconds, and as many workers ask it at once as the event source may start functions; so no
worker that did nothing else could be served faster than workers / seconds. Each worker is a process with a handler of
its own, as in Lambda, which is given one message an invocation, as deployed, the next as soon as it has served one.
Each has its own queue and tables, in moto, whose cost counts as ours. A worker's first message is not timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from threading import Barrier

from tools.simulators.crm.simulator import CrmSimulator
from tools.simulators.model import SCENARIOS, ModelStub
from tools.simulators.model.answers import JsonObject
from tools.simulators.model.reply import Response
from tools.verify.bench.bodies import webhook
from tools.verify.bench.findings import Bench, Findings, Target, silence
from tools.verify.bench.sandbox import BenchHarness, sandbox

BODY_BYTES = 20_000
READY_SECONDS = 120.0
LEAST = 0.8


@dataclass(frozen=True)
class Drain:
    """One queue to empty: how many functions at once, how long its stub takes, and what they are told of it."""

    step: str
    workers: int
    stub_seconds: float
    sandbox: dict[str, str]

    @property
    def limit(self) -> float:
        """Messages a second that the stub can serve."""
        return self.workers / self.stub_seconds


@dataclass(frozen=True)
class Emptied:
    """A worker's share: when, on the clock that all processes share, and the processor time of its process."""

    begun: float
    ended: float
    processor_seconds: float


def measure(messages: int) -> Findings:
    """Empty both queues of `messages` messages each."""
    found = Findings(not_covered=["SQS's own pace: Lambda's pollers add workers one by one, and here all stand ready."])
    for drains in (_dispatch, _analysis):
        with drains() as drain:
            _note(found, drain, _emptied(drain, messages))
    return found


def _note(found: Findings, drain: Drain, shares: list[tuple[int, Emptied]]) -> None:
    seconds = max(share.ended for _, share in shares) - min(share.begun for _, share in shares)
    served = sum(messages for messages, _ in shares)
    name, rate = drain.step, served / seconds
    found.note(
        **{
            f"{name}_workers": drain.workers,
            f"{name}_stub_seconds": drain.stub_seconds,
            f"{name}_limit_per_second": drain.limit,
            f"{name}_drained_per_second": rate,
            f"{name}_drained_of_limit": rate / drain.limit,
            f"{name}_ms_a_message_beside_the_stub": (drain.workers / rate - drain.stub_seconds) * 1000,
            f"{name}_processor_ms_a_message": sum(share.processor_seconds for _, share in shares) / served * 1000,
        }
    )
    found.hold(Target(f"{name}_drained_of_limit", LEAST, at_least=True))


@contextmanager
def _dispatch() -> Iterator[Drain]:
    """As many workers as production has, and a CRM that takes half a second to save a lead."""
    with CrmSimulator(save_seconds=0.5) as crm:
        yield Drain("dispatch", 2, 0.5, {"crm_url": crm.service_url})


@contextmanager
def _analysis() -> Iterator[Drain]:
    """Workers that all ask the model, which thinks for a second."""
    settings = {"crm_url": "http://127.0.0.1:9/", "api_key": "invented"}
    with ModelStub(partial(_slowly, 1.0)) as stub:
        yield Drain("analysis", 4, 1.0, settings | {"OPENAI_BASE_URL": stub.base_url})


def _slowly(seconds: float, request: JsonObject) -> Response:
    time.sleep(seconds)
    return SCENARIOS["ok"](request)


def _emptied(drain: Drain, messages: int) -> list[tuple[int, Emptied]]:
    """Every worker's share, emptied by all at once."""
    processes = get_context("spawn")
    share = messages // drain.workers
    with processes.Manager() as shared, ProcessPoolExecutor(drain.workers, mp_context=processes) as pool:
        start = shared.Barrier(drain.workers)
        work = [pool.submit(_work, drain, number, share, start) for number in range(drain.workers)]
        return [(share, done.result()) for done in work]


def _work(drain: Drain, number: int, messages: int, start: Barrier) -> Emptied:
    """A worker's process: fill its queue, serve one message, wait for the others, serve the rest."""
    with silence(), sandbox(**drain.sandbox) as ours:
        for message in range(messages + 1):
            ours.ingest(webhook(f"conv_drain{number:04}{message:019}", size=BODY_BYTES))
        serve = _serve(drain, ours, messages + 1)
        serve()
        start.wait(READY_SECONDS)
        begun, busy = time.monotonic(), time.process_time()
        for _ in range(messages):
            serve()
        return Emptied(begun, time.monotonic(), time.process_time() - busy)


def _serve(drain: Drain, ours: BenchHarness, messages: int) -> Callable[[], object]:
    if drain.step == "analysis":
        return ours.analyse
    for _ in range(messages):
        ours.analyse()
    return ours.dispatch


BENCH = Bench("drain", __doc__.splitlines()[0], measure, size=60, size_means="messages")

if __name__ == "__main__":
    BENCH.main()
