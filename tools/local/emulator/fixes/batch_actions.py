"""Restores what permits a batch in SQS: the action for one message (AUTH=true).

ministack asks for an action named after the batch, which no policy can hold. Source: AWS's Service Authorization
Reference, "Actions defined by Amazon SQS": there are none for batches.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from ministack.core import iam_evaluator

ACTIONS = {f"sqs:{name}Batch": f"sqs:{name}" for name in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")}


def install() -> None:
    """Ask for the action that there is."""
    enforce = iam_evaluator.enforce

    @wraps(enforce)
    def enforce_one(access_key: str, action: str, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 — ministack's
        return enforce(access_key, ACTIONS.get(action, action), *arguments, **named)

    iam_evaluator.enforce = enforce_one
