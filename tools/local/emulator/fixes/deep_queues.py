"""Restores a queue whose depth costs nothing: a receive looks at messages until it has enough, and no further.

ministack walks through the whole queue several times for each message that is taken or deleted, so a burst of 10 000
costs it the square of that. On AWS too a message that was received too often moves to the dead letters when a receive
meets it, and retention is not told to the second. FIFO queues keep ministack's own way.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import json
import time
from typing import Any

from ministack.core.concurrency import esm_wake
from ministack.core.responses import new_uuid
from ministack.services import sqs

from tools.local.emulator.fixes.queue_lock import LOCK

SECONDS_BETWEEN_EXPIRIES = 1.0

Queue = dict[str, Any]
Message = dict[str, Any]

_expire, _collect_fifo_too, _sweep_fifo_too = sqs._expire_retained, sqs._collect_msgs, sqs._dlq_sweep
_expired_at: dict[str, float] = {}


def install() -> None:
    """Take the place of what walks through the queue; `queue_lock` then puts its lock around it."""
    sqs._expire_retained = expire
    sqs._dlq_sweep = sweep
    sqs._collect_msgs = collect
    sqs._delete_messages_for_esm = delete


def expire(queue: Queue) -> None:
    """Drop what is older than the retention; looks once a second."""
    arn, now = queue["attributes"].get("QueueArn", ""), time.monotonic()
    if now - _expired_at.get(arn, -SECONDS_BETWEEN_EXPIRIES) >= SECONDS_BETWEEN_EXPIRIES:
        _expired_at[arn] = now
        _expire(queue)


def sweep(queue: Queue) -> None:
    """Nothing: `collect` moves the messages that were received too often."""
    if queue["is_fifo"]:
        _sweep_fifo_too(queue)


def collect(queue: Queue, most: int, visibility: int) -> list[Message]:
    """Hand out up to `most` visible messages, the oldest first."""
    if queue["is_fifo"]:
        handed: list[Message] = _collect_fifo_too(queue, most, visibility)
        return handed
    now, receives, dead_letters = time.time(), *_redrive_policy(queue)
    taken: list[Message] = []
    spent: list[Message] = []
    for message in queue["messages"]:
        if message.get("visible_at", 0.0) > now:
            continue
        sqs._ensure_msg_fields(message)
        if dead_letters is not None and message["receive_count"] >= receives:
            spent.append(message)
            continue
        taken.append(_handed_out(message, now, visibility))
        if len(taken) == most:
            break
    if spent and dead_letters is not None:
        _move(spent, queue, dead_letters, now)
    return taken


def delete(url: str, receipt_handles: set[str]) -> None:
    """Delete what an event source has served; stops looking when all of it is found."""
    with LOCK:
        messages, left = sqs._get_q(url)["messages"], len(receipt_handles)
        found = []
        for position, message in enumerate(messages):
            if not left:
                break
            if message.get("receipt_handle") in receipt_handles:
                found.append(position)
                left -= 1
        for position in reversed(found):
            del messages[position]


def _handed_out(message: Message, now: float, visibility: int) -> Message:
    message["receipt_handle"] = new_uuid()
    message["visible_at"] = now + visibility
    message["receive_count"] += 1
    if message["first_receive_at"] is None:
        message["first_receive_at"] = now
    return message


def _redrive_policy(queue: Queue) -> tuple[int, Queue | None]:
    """How many receives a message may have, and where it goes after them; (0, None) without such a rule."""
    text = queue["attributes"].get("RedrivePolicy")
    policy = json.loads(text) if text else None
    if not isinstance(policy, dict) or not int(policy.get("maxReceiveCount", 0)):
        return 0, None
    return int(policy["maxReceiveCount"]), sqs._queue_by_arn(policy.get("deadLetterTargetArn", ""))


def _move(spent: list[Message], queue: Queue, dead_letters: Queue, now: float) -> None:
    """To the dead letters; a message keeps its age there."""
    gone = {id(message) for message in spent}
    queue["messages"] = [message for message in queue["messages"] if id(message) not in gone]
    source = {"DeadLetterQueueSourceArn": queue["attributes"].get("QueueArn", "")}
    dead_letters["messages"] += [
        message | {"receipt_handle": None, "visible_at": now, "sys": source | message["sys"]} for message in spent
    ]
    esm_wake.set()
