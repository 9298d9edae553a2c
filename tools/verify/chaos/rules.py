"""Rules of the fault proxy, named after what happens to a call; most hit one event, not a share of traffic.

`touching` is a text that the call's body holds, an event's id above all; so schedules side by side do not meet.
"""

from __future__ import annotations

from typing import Any

from postcall.aws.clients import TRIES

Rule = dict[str, Any]

CLIENT_TRIES = TRIES  # so many failures in a row are one failed call
NEW = "body_sha256"  # only intake's transaction says what the body hashes to
CLAIM = ":lease"  # only dispatch's claim sets a lease
SWEEP = "sweeps"  # only the sweep's note counts
ANALYSIS = "recorded_at"  # only an analysis says when it was recorded, the model's or the rules'
RECORD = "finished_at"  # only the record of an outcome ends an attempt
UPDATE = "dynamodb", "UpdateItem"
TRANSACTION = "dynamodb", "TransactWriteItems"
SEND = "sqs", "SendMessage"
POSTPONE = "sqs", "ChangeMessageVisibility"
READ_SECRET = "secretsmanager", "GetSecretValue"
THROTTLED = {"code": "ProvisionedThroughputExceededException", "status": 400}
UNAVAILABLE = {"code": "ServiceUnavailable", "status": 503}
BROKEN = {"code": "InternalServiceError", "status": 500}

Call = tuple[str, str]


def refused(call: Call, *touching: str, error: Rule = UNAVAILABLE, times: int = CLIENT_TRIES) -> Rule:
    """The call gets an error and does nothing."""
    return _rule(call, touching) | {"error": error, "times": times}


def answer_lost(call: Call, *touching: str, times: int = CLIENT_TRIES) -> Rule:
    """The call has its effect; instead of its answer the connection breaks."""
    return _rule(call, touching) | {"response": {"abort_bytes": 0}, "times": times}


def held(call: Call, *touching: str, seconds: float, times: int = 1) -> Rule:
    """The call waits on its way, and then has its effect."""
    return _rule(call, touching) | {"latency": seconds * 1000, "times": times}


def lost(call: Call, *touching: str, seconds: float, times: int = 1) -> Rule:
    """The call waits on its way, and is lost there."""
    return held(call, *touching, seconds=seconds, times=times) | {"reset": True}


def store_throttled(*, share: float, seconds: float) -> Rule:
    """DynamoDB throttles a share of all calls, whosever they are, for a while."""
    return {"service": "dynamodb", "probability": share, "ttl_s": seconds, "error": THROTTLED}


def _rule(call: Call, touching: tuple[str, ...]) -> Rule:
    service, operation = call
    conditions = " && ".join(f"contains(to_string(@), '{text}')" for text in touching)
    return {"service": service, "operation": operation} | ({"body": conditions} if conditions else {})
