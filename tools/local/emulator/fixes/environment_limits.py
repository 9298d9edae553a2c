"""Restores a laptop's breath: a function has at most 2 x cores environments, and one cold start a core at a time.

ministack starts a process for each concurrent request, without limit. Here a request waits for an environment, which
AWS would start; a function that has none for the whole wait is throttled, as on AWS at its limit.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from tools.local.emulator.fixes.runtime import PythonEnvironment

CORES = os.cpu_count() or 1
ENVIRONMENTS_PER_FUNCTION = 2 * CORES
SECONDS_BETWEEN_LOOKS = 0.005  # at the queues, when the last look found nothing to take
LONGEST_WAIT_SECONDS = 29.0  # the HTTP API gives up after 30


def install() -> None:
    """Wait for an environment instead of starting one more."""
    _limit_cold_starts()
    _limit_environments()
    _take_no_batch_without_an_environment()


def _limit_cold_starts() -> None:
    cold_starts = threading.BoundedSemaphore(CORES)
    spawn = PythonEnvironment._spawn

    def spawn_in_turn(self: PythonEnvironment, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 — passed through
        with cold_starts:
            spawn(self, *arguments, **named)

    PythonEnvironment._spawn = spawn_in_turn


def _limit_environments() -> None:
    acquire, release = lambda_svc.acquire_worker, lambda_svc.release_worker
    freed: defaultdict[str, threading.Condition] = defaultdict(threading.Condition)  # by the function's name

    def acquire_in_turn(name: str, *arguments: Any, **named: Any) -> tuple[Any, str]:  # noqa: ANN401 — passed through
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        with freed[name]:
            while True:
                late = time.monotonic() > deadline
                worker, reason = acquire(name, *arguments, **named)
                if worker is not None or late:
                    return worker, reason
                freed[name].wait(deadline - time.monotonic())

    def release_and_tell(worker: Any) -> None:  # noqa: ANN401 — a worker of either kind
        """One environment is one request's: were all told, those in vain would cost more than the one's answer."""
        release(worker)
        with freed[worker.func_name]:
            freed[worker.func_name].notify()

    lambda_runtime._LOCAL_MAX_WORKERS = ENVIRONMENTS_PER_FUNCTION
    lambda_svc.acquire_worker = acquire_in_turn
    lambda_svc.release_worker = release_and_tell


def _take_no_batch_without_an_environment() -> None:
    """A queue's batch that waits would use up its visibility time; it is taken soon after an environment is free."""
    concurrency = lambda_svc._sqs_esm_concurrency

    def limited(*arguments: Any, **named: Any) -> int:  # noqa: ANN401 — passed through
        wanted: int = concurrency(*arguments, **named)
        return min(wanted, ENVIRONMENTS_PER_FUNCTION)

    lambda_svc._sqs_esm_concurrency = limited
    lambda_svc._ESM_IDLE_WAKE_GAP_SECONDS = SECONDS_BETWEEN_LOOKS
