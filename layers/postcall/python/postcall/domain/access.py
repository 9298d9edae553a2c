"""Who may use the operator API: named tokens, kept only as hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

from postcall.domain.errors import Unavailable
from postcall.domain.said import said


@dataclass(frozen=True)
class Token:
    """A token's name (it stands on the record of what was asked with it) and the SHA-256 of its text, in hex."""

    name: str
    sha256: str


def read_tokens(secret: str) -> tuple[Token, ...]:
    """Read `{"tokens": [{"name": …, "sha256": …}]}`. Raises `Unavailable` when it has another form:
    that is our own mistake, and nobody is let in meanwhile.
    """
    try:
        rows = json.loads(secret)["tokens"]
        return tuple(Token(name=str(row["name"]), sha256=str(row["sha256"]).lower()) for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(said("store.tokens")) from error


def holder(authorization: str | None, tokens: tuple[Token, ...]) -> str | None:
    """The name behind an `Authorization: Bearer …` header, or None. Takes the same time whoever it is."""
    scheme, _, given = (authorization or "").partition(" ")
    digest = hashlib.sha256(given.strip().encode()).hexdigest()
    found = None
    for token in tokens:
        if hmac.compare_digest(digest, token.sha256):
            found = token.name
    return found if scheme.lower() == "bearer" else None
