"""Restores the redrive of dead letters: StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask.

Moved messages get new ids and start at zero receives, as on AWS. Without a destination each goes back to the queue it
was moved away from; one that was sent to the dead letters by hand has none, and the task fails as AWS's does. Their
permission (AUTH=true) is one on the dead letters, as on AWS; what the move itself needs there is not asked for here.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import base64
import dataclasses
import json
import threading
import time
import uuid
from typing import Any

from ministack.core import iam_actions
from ministack.core.concurrency import esm_wake, spawn_background
from ministack.services import sqs

from tools.local.emulator.fixes.queue_lock import LOCK

MOST_LISTED = 10
FASTEST_PER_SECOND = 500

Queue = dict[str, Any]


@dataclasses.dataclass
class MoveTask:
    """One redrive; `status` is RUNNING, COMPLETED, CANCELLED or FAILED."""

    source_arn: str
    destination_arn: str | None
    per_second: int | None
    to_move: int
    handle: str
    status: str = "RUNNING"
    moved: int = 0
    failure: str | None = None
    started_ms: int = dataclasses.field(default_factory=lambda: int(time.time() * 1000))
    cancelled: threading.Event = dataclasses.field(default_factory=threading.Event)


_tasks: list[MoveTask] = []


def install() -> None:
    """Add the three actions, and name the resource that they are permitted on."""
    sqs._HANDLERS.update(
        StartMessageMoveTask=_start,
        ListMessageMoveTasks=_list,
        CancelMessageMoveTask=_cancel,
    )
    other_resource = iam_actions.extract_resource_arn

    def resource(service: str, method: str, path: str, headers: dict[str, str], body: bytes, *more: Any) -> str:  # noqa: ANN401 — ministack's
        if service == "sqs" and "MessageMoveTask" in headers.get("x-amz-target", ""):
            return str(json.loads(body).get("SourceArn", "*"))
        return str(other_resource(service, method, path, headers, body, *more))

    iam_actions.extract_resource_arn = resource


def _start(data: dict[str, Any], _url: str) -> dict[str, Any]:
    source_arn = data["SourceArn"]
    source = _queue(source_arn)
    if not _is_dead_letter_queue(source_arn):
        raise sqs._Err("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
    if any(task.source_arn == source_arn and task.status == "RUNNING" for task in _tasks):
        raise sqs._Err("UnsupportedOperation", "There is already a task running. Only one active task is allowed.")
    per_second = data.get("MaxNumberOfMessagesPerSecond")
    if per_second is not None and not 1 <= int(per_second) <= FASTEST_PER_SECOND:
        raise sqs._Err("InvalidParameterValue", f"MaxNumberOfMessagesPerSecond must be 1 to {FASTEST_PER_SECOND}.")
    destination_arn = data.get("DestinationArn")
    if destination_arn:
        _queue(destination_arn)
    task = MoveTask(source_arn, destination_arn, per_second, len(source["messages"]), _handle(source_arn))
    _tasks.insert(0, task)
    spawn_background(_run, task, thread_name="message-move-task")
    return {"TaskHandle": task.handle}


def _list(data: dict[str, Any], _url: str) -> dict[str, Any]:
    source_arn = data["SourceArn"]
    _queue(source_arn)
    most = min(int(data.get("MaxResults") or 1), MOST_LISTED)
    return {"Results": [_described(task) for task in _tasks if task.source_arn == source_arn][:most]}


def _cancel(data: dict[str, Any], _url: str) -> dict[str, Any]:
    for task in _tasks:
        if task.handle == data["TaskHandle"] and task.status == "RUNNING":
            task.cancelled.set()
            return {"ApproximateNumberOfMessagesMoved": task.moved}
    raise sqs._Err("ResourceNotFoundException", "There is no active task with this handle.")


def _run(task: MoveTask) -> None:
    """Move what is visible now, one by one, at the pace asked for."""
    source = _queue(task.source_arn)
    while not task.cancelled.is_set():
        with LOCK:
            message = next((each for each in source["messages"] if each["visible_at"] <= time.time()), None)
            if message is None:
                task.status = "COMPLETED"
                return
            destination_arn = task.destination_arn or message["sys"].get("DeadLetterQueueSourceArn")
            if not destination_arn:
                task.status, task.failure = "FAILED", "CouldNotDetermineMessageSource"
                return
            source["messages"].remove(message)
            _queue(destination_arn)["messages"].append(_sent_anew(message))
            task.moved += 1
        esm_wake.set()
        if task.per_second:
            task.cancelled.wait(1 / task.per_second)
    task.status = "CANCELLED"


def _sent_anew(message: dict[str, Any]) -> dict[str, Any]:
    now = time.time()
    system = {key: value for key, value in message["sys"].items() if key != "DeadLetterQueueSourceArn"}
    return message | {
        "id": str(uuid.uuid4()),
        "receipt_handle": None,
        "receive_count": 0,
        "first_receive_at": None,
        "sent_at": now,
        "enqueued_at": now,
        "visible_at": now,
        "sys": system | {"SentTimestamp": str(int(now * 1000))},
    }


def _queue(arn: str) -> Queue:
    queue: Queue | None = sqs._queue_by_arn(arn)
    if queue is None:
        raise sqs._Err("ResourceNotFoundException", "The resource that you specified for the SourceArn doesn't exist.")
    return queue


def _is_dead_letter_queue(arn: str) -> bool:
    policies = (queue["attributes"].get("RedrivePolicy") for queue in sqs._queues.values())
    return any(json.loads(policy).get("deadLetterTargetArn") == arn for policy in policies if policy)


def _handle(source_arn: str) -> str:
    return base64.b64encode(json.dumps({"taskId": str(uuid.uuid4()), "sourceArn": source_arn}).encode()).decode()


def _described(task: MoveTask) -> dict[str, Any]:
    described = {
        "TaskHandle": task.handle if task.status == "RUNNING" else None,  # AWS shows it only then
        "Status": task.status,
        "SourceArn": task.source_arn,
        "DestinationArn": task.destination_arn,
        "MaxNumberOfMessagesPerSecond": task.per_second,
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "FailureReason": task.failure,
        "StartedTimestamp": task.started_ms,
    }
    return {key: value for key, value in described.items() if value is not None}
