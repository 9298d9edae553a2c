"""Who may do what at the API: named tokens, kept only as hashes, each with its rights, its end and its limits."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from postcall.domain.errors import Unavailable
from postcall.domain.said import said

SCHEME = "bearer"
_NAME = re.compile(r"[^\W_][\w .@-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_OF_NOTHING = hashlib.sha256(b"").hexdigest()
_MEMBERS = {"name", "sha256", "may", "until", "per_day", "reason_optional"}


class Right(StrEnum):
    """What a token may do."""

    BRING = "bring"  # calls of one's own systems
    LOOK = "look"  # at calls, queues, numbers, the quarantine
    ACT = "act"  # resend, resolve, reanalyse, redrive, release, discard, reconcile
    ERASE = "erase"  # events and persons


@dataclass(frozen=True)
class Token:
    """A token without its text. `name` stands on the record of what was brought and done with it.

    `sha256` is its text's hash in hex. `per_day` limits the requests of a right in a day (UTC). `reason_optional` is
    for a development stack: with such a token an act that asks for a reason may do without one.
    """

    name: str
    sha256: str = field(repr=False)
    may: frozenset[Right] = frozenset()
    until: datetime | None = None
    per_day: Mapping[Right, int] = field(default_factory=dict)
    reason_optional: bool = False

    def is_over(self, now: datetime) -> bool:
        """Whether its time is up."""
        return self.until is not None and now >= self.until


def read_tokens(secret: str) -> tuple[Token, ...]:
    """Read `{"tokens": [{"name": …, "sha256": …, "may": [...], "until": …, "per_day": {...}}]}`.

    Raises:
        Unavailable: it has another form. That is our own mistake, and nobody is let in until it is mended.

    """
    try:
        tokens = tuple(_read_token(row) for row in json.loads(secret)["tokens"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unavailable(said("token.malformed", fault=_fault(error))) from error
    if len({token.name for token in tokens}) < len(tokens) or len({token.sha256 for token in tokens}) < len(tokens):
        raise Unavailable(said("token.twice"))
    return tokens


def find_token(authorization: str | None, tokens: tuple[Token, ...]) -> Token | None:
    """The token of an `Authorization: Bearer …` header, or None. Takes the same time whoever it is."""
    scheme, _, given = (authorization or "").partition(" ")
    digest = hashlib.sha256(given.strip().encode("utf-8", "replace")).hexdigest()
    found = None
    for token in tokens:
        if hmac.compare_digest(digest, token.sha256):
            found = token
    return found if scheme.lower() == SCHEME else None


def write_token(token: Token) -> dict[str, Any]:
    """A token's row in the secret."""
    row: dict[str, Any] = {
        "name": token.name,
        "sha256": token.sha256,
        "may": [right for right in Right if right in token.may],
    }
    if token.until is not None:
        row["until"] = token.until.isoformat()
    if token.per_day:
        row["per_day"] = {right.value: number for right, number in token.per_day.items()}
    if token.reason_optional:
        row["reason_optional"] = True
    return row


def is_name(text: str) -> bool:
    """Whether a token may be called so."""
    return _NAME.fullmatch(text) is not None


def token_hash(text: str) -> str:
    """The hash under which a token's text is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def _read_token(row: Mapping[str, Any]) -> Token:
    unknown = sorted(row.keys() - _MEMBERS)
    if unknown:
        raise ValueError(said("token.member", member=unknown[0]))
    name, sha256 = row["name"], row["sha256"]
    if not isinstance(name, str) or not is_name(name):
        raise ValueError(said("token.name"))
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256.lower()) or sha256.lower() == _OF_NOTHING:
        raise ValueError(said("token.sha256", name=name))
    reason_optional = row.get("reason_optional", False)
    if reason_optional not in {True, False}:
        raise ValueError(said("token.reason_optional", name=name))
    return Token(
        name=name,
        sha256=sha256.lower(),
        may=_read_rights(row.get("may", []), name),
        until=_read_until(row.get("until"), name),
        per_day=_read_limits(row.get("per_day") or {}, name),
        reason_optional=reason_optional,
    )


def _read_rights(value: Any, name: str) -> frozenset[Right]:  # noqa: ANN401 — unchecked JSON
    if not isinstance(value, list) or not set(map(str, value)) <= set(Right):
        raise ValueError(said("token.may", name=name, known=", ".join(Right)))
    return frozenset(map(Right, value))


def _read_until(value: Any, name: str) -> datetime | None:  # noqa: ANN401 — unchecked JSON
    try:
        moment = None if value is None else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(said("token.until", name=name)) from None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _read_limits(value: Any, name: str) -> dict[Right, int]:  # noqa: ANN401 — unchecked JSON
    numbers = value.items() if isinstance(value, dict) else [("", None)]
    if not all(right in set(Right) and type(number) is int and number > 0 for right, number in numbers):
        raise ValueError(said("token.per_day", name=name, known=", ".join(Right)))
    return {Right(right): number for right, number in value.items()}


def _fault(error: Exception) -> str:
    """What is wrong, without a word of the secret: only our own sentences are repeated."""
    ours = isinstance(error, ValueError) and not isinstance(error, json.JSONDecodeError)
    return str(error) if ours else said("token.form")
