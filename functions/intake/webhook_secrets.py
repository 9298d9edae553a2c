"""The webhook's secrets as they are stored: the bare text, or `{"current": …, "previous": …}` while rotating.

Whatever else is stored is our own mistake and said so: by a guess at what was meant, genuine calls would be refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from functions.intake.signature import SignatureError, SignatureFault

SHORTEST = 16  # characters: a shorter one can be guessed from a single webhook
ROTATING = ("current", "previous")
_PREFIX = "wsec_"  # of the secrets that the vendor makes
_QUOTES = "\"'`"


@lru_cache(maxsize=2)
def read_secrets(text: str) -> tuple[str, ...]:
    """The secrets in force.

    Raises:
        SignatureError: Nothing is stored, or something stands around it: one of `OUR_FAULTS`.
    """
    bare = text.strip("\ufeff \t\r\n")
    if not bare:
        raise SignatureError(SignatureFault.NO_SECRET)
    value = _json(bare)
    if isinstance(value, Mapping):
        return _rotating(value)
    if value is not None or not _is_bare(bare):
        raise SignatureError(SignatureFault.WRAPPED_SECRET)
    return _long_enough(bare)


def _rotating(members: Mapping[str, Any]) -> tuple[str, ...]:
    if not set(ROTATING) & set(members):
        raise SignatureError(SignatureFault.WRAPPED_SECRET)
    found = [members[name] for name in ROTATING if members.get(name)]
    texts = [each.strip() for each in found if isinstance(each, str)]
    if len(texts) != len(found) or not all(map(_is_bare, texts)):
        raise SignatureError(SignatureFault.WRAPPED_SECRET)
    if not texts:
        raise SignatureError(SignatureFault.NO_SECRET)
    return _long_enough(*texts)


def _long_enough(*texts: str) -> tuple[str, ...]:
    if any(len(text) < SHORTEST for text in texts):
        raise SignatureError(SignatureFault.SHORT_SECRET)
    return texts


def _json(text: str) -> Any:  # noqa: ANN401 — an object, a list or a text; None for what is none of them
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (dict, list, str)) else None


def _is_bare(text: str) -> bool:
    """Whether nothing stands around it: no quotes, no name, no second line."""
    is_quoted = text[:1] in _QUOTES or text[-1:] in _QUOTES
    is_named = _PREFIX in text and not text.startswith(_PREFIX)
    return (
        not is_quoted and not is_named and not any(character.isspace() for character in text) and text[:1] not in "{["
    )
