"""Restores a queue that loses nothing: every change of its messages is made under one lock.

ministack changes a queue's list from the server's thread and from the event source's; a message sent while the other
thread replaces the list would vanish. Deliveries may be repeated on AWS, never lost.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any

from ministack.services import sqs

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGES = (
    "_act_send_message",
    "_act_send_message_batch",
    "_act_delete_message",
    "_act_delete_message_batch",
    "_act_change_visibility",
    "_act_change_visibility_batch",
    "_act_purge_queue",
    "_expire_retained",
    "_dlq_sweep",
    "_collect_msgs",
)
LOCK = threading.RLock()


def install() -> None:
    """Put the lock around each function that changes a queue."""
    sqs._queues_lock = LOCK
    for name in CHANGES:
        original = getattr(sqs, name)
        locked = _under_the_lock(original)
        setattr(sqs, name, locked)
        for action, handler in sqs._HANDLERS.items():
            if handler is original:
                sqs._HANDLERS[action] = locked


def _under_the_lock(change: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(change)
    def locked(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 — passed through
        with LOCK:
            return change(*arguments, **named)

    return locked
