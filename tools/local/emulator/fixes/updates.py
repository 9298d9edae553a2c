"""Restores an update that lets running handlers finish: only idle environments are ended at once.

ministack ends every environment when a function's code or settings change; a dispatch that was just sending a lead
would then leave it unknown whether the CRM has it.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import contextvars
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_updating: contextvars.ContextVar[bool] = contextvars.ContextVar("updating", default=False)
_retired: set[Any] = set()


def install() -> None:
    """Set busy environments apart instead of ending them, and end them when they are released."""
    invalidate, kill, release = lambda_runtime.invalidate_worker, lambda_runtime.kill_workers, lambda_svc.release_worker

    def invalidate_idle(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 — passed through
        token = _updating.set(True)
        try:
            return invalidate(*arguments, **named)
        finally:
            _updating.reset(token)

    def kill_idle(workers: list[Any]) -> None:
        if _updating.get():
            with lambda_runtime._lock:
                busy = {worker for worker in workers if worker is not None and worker.in_use}
                _retired.update(busy)
            workers = [worker for worker in workers if worker not in busy]
        kill(workers)

    def release_or_end(worker: Any) -> None:  # noqa: ANN401 — a worker of either kind
        release(worker)
        if worker in _retired:
            _retired.discard(worker)
            kill([worker])

    def reset() -> None:
        kill(list(_retired))
        end_all()

    end_all = lambda_runtime.reset
    lambda_runtime.kill_workers = kill_idle
    lambda_runtime.invalidate_worker = lambda_svc.invalidate_worker = invalidate_idle
    lambda_svc.release_worker = release_or_end
    lambda_runtime.reset = reset
