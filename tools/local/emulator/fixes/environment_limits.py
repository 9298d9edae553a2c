"""Restores a laptop's breath: a function has at most 2 x cores environments, and one cold start a core at a time.

ministack starts a process for each concurrent request, without limit. Here a request waits for an environment, which
AWS would start; a function that has none for the whole wait is throttled, as on AWS at its limit.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import os
import threading
import time
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from tools.local.emulator.fixes.runtime import PythonEnvironment

CORES = os.cpu_count() or 1
ENVIRONMENTS_PER_FUNCTION = 2 * CORES
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
    freed = threading.Condition()

    def acquire_in_turn(*arguments: Any, **named: Any) -> tuple[Any, str]:  # noqa: ANN401 — passed through
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        with freed:
            while True:
                worker, reason = acquire(*arguments, **named)
                if worker is not None or not freed.wait(deadline - time.monotonic()):
                    return worker, reason

    def release_and_tell(worker: Any) -> None:  # noqa: ANN401 — a worker of either kind
        release(worker)
        with freed:
            freed.notify_all()

    lambda_runtime._LOCAL_MAX_WORKERS = ENVIRONMENTS_PER_FUNCTION
    lambda_svc.acquire_worker = acquire_in_turn
    lambda_svc.release_worker = release_and_tell


def _take_no_batch_without_an_environment() -> None:
    """A queue's batch that waits would use up its visibility time."""
    concurrency = lambda_svc._sqs_esm_concurrency

    def limited(*arguments: Any, **named: Any) -> int:  # noqa: ANN401 — passed through
        wanted: int = concurrency(*arguments, **named)
        return min(wanted, ENVIRONMENTS_PER_FUNCTION)

    lambda_svc._sqs_esm_concurrency = limited
