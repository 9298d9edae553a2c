"""Bytes and texts as an item keeps them: compressed, with a dictionary of what every call's records say anyway.

A body of 26 KB becomes an eighth instead of a fifth, and a lead a quarter instead of half: each write is billed on what
is kept. The dictionary is part of what is stored: what was packed with one cannot be read with another.
"""

from __future__ import annotations

import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from isal import isal_zlib

_LEVEL = 2  # ISA-L's: a quarter of the time of zlib's level 3, for some six percent more bytes
_DICTIONARY = Path(__file__).with_name("packing_dictionary.txt")


def pack(data: bytes) -> bytes:
    """The bytes, compressed: written by ISA-L in zlib's form, which zlib reads."""
    packer = isal_zlib.compressobj(_LEVEL, zdict=_dictionary())
    return packer.compress(data) + packer.flush()


def unpack(packed: bytes) -> bytes:
    """The bytes that were packed.

    Raises:
        zlib.error: They are no such thing.
    """
    unpacker = zlib.decompressobj(zdict=_dictionary())
    data = unpacker.decompress(packed) + unpacker.flush()
    if not unpacker.eof:
        raise zlib.error("incomplete")
    return data


def pack_text(text: str) -> bytes:
    """A text; a lone surrogate, which JSON can smuggle in, has no UTF-8 form."""
    return pack(text.encode("utf-8", "replace"))


def unpack_text(packed: bytes) -> str:
    """The text that was packed."""
    return unpack(packed).decode()


def pack_json(value: Any) -> bytes:  # noqa: ANN401 — any JSON
    """Any JSON value."""
    return pack_text(json.dumps(value, ensure_ascii=False))


def unpack_json(packed: bytes) -> Any:  # noqa: ANN401 — any JSON
    """The value that was packed."""
    return json.loads(unpack(packed))


@cache
def _dictionary() -> bytes:
    return _DICTIONARY.read_bytes()
