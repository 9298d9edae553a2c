"""What Lambda takes for a partial batch response.

Source: AWS Lambda's developer guide, "Handling errors for an SQS event source": an empty, null or unknown
itemIdentifier, a bad key name or anything but an object is a complete failure; null, {} and an empty or null list of
failures are a complete success.
"""

from __future__ import annotations


def is_readable(response: object, message_ids: frozenset[str]) -> bool:
    """Whether the response is a list of this batch's failures; otherwise the whole batch has failed."""
    if response is None:
        return True
    if not isinstance(response, dict):
        return False
    failures = response.get("batchItemFailures")
    if failures is None:
        return True
    return isinstance(failures, list) and all(
        isinstance(failure, dict) and failure.get("itemIdentifier") in message_ids for failure in failures
    )
