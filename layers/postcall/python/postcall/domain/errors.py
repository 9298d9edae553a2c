"""Errors say whether trying again can help; adapters translate library errors into these.

PostcallError
├── Rejected         trying again cannot help: a person must look
│   └── StoreRefused our own store does not take it, and never will: no fault of whoever asked
└── Unavailable      later can help: the queue tries again (never the caller itself)
"""

from __future__ import annotations


class PostcallError(Exception):
    """Anything this system raises on purpose. The text is one sentence, free of personal data."""


class Rejected(PostcallError):
    """Trying again cannot help; a person must look."""


class StoreRefused(Rejected):
    """Our own store refuses a record for good, such as one that is too large: a person must look."""


class Unavailable(PostcallError):
    """Later can help. `retry_after` is the wait in seconds that the other side asked for, if it did."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
