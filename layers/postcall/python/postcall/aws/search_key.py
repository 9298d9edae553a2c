"""The key under which contacts are indexed, from its secret."""

from __future__ import annotations

from postcall.aws.secrets import secret


def search_key(secret_id: str) -> bytes:
    """The key's bytes; none when the secret has no value, and then contacts are not indexed.

    The analysis and the search must use the same key for as long as an event is kept: another key finds new calls only.

    Raises:
        Unavailable: Secrets Manager does not answer now.
    """
    return secret(secret_id).strip().encode()
