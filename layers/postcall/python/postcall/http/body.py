"""An answer's bytes made readable: unpacked within a limit, decoded as it was written, parsed not too deep."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

NESTING_LIMIT = 64  # no answer of a system we know nests deeper than a dozen
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB, _RAW_DEFLATE = 47, -15  # zlib's window bits
# What Windows servers write when they do not write Unicode. Others are not looked up: `base64` is a codec as well.
_CHARSETS = frozenset(
    {"windows-1251", "cp1251", "koi8-r", "iso-8859-5", "ibm866", "cp866", "windows-1252", "iso-8859-1", "latin1"},
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


def unpacked(body: bytes, encoding: str, limit: int) -> tuple[bytes, bool]:
    """The body without its `Content-Encoding`, at most `limit` bytes, and whether that is all of it.

    A body that is not packed as its header says is given back as it came: the header was wrong, not the answer.
    """
    whole = True
    for name in reversed([part.strip().lower() for part in encoding.split(",")][:2]):
        if name in _PACKED:
            body, complete = _unpacked(body, limit)
            whole = whole and complete
    return body[:limit], whole and len(body) <= limit


def _unpacked(body: bytes, limit: int) -> tuple[bytes, bool]:
    for window in (_GZIP_OR_ZLIB, _RAW_DEFLATE):
        unpacker = zlib.decompressobj(window)
        try:
            return unpacker.decompress(body, limit), unpacker.eof
        except zlib.error:
            continue
    return body, True


def text_of(body: bytes, content_type: str) -> str:
    """The body as text: a byte order mark and Unicode's own forms are recognised, then the declared charset is used."""
    encoding: str = json.detect_encoding(body)
    if encoding == "utf-8" and not _is_utf8(body):
        declared = _CHARSET.search(content_type)
        if declared is not None and declared[1].lower() in _CHARSETS:
            encoding = declared[1]
    return body.decode(encoding, "replace")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 — any JSON
    """The document in an answer.

    Raises:
        ValueError: It is none, or nests deeper than any that we know.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("the document nests too deep") from None
    level, depth = [document], 0
    while level:
        depth += 1
        if depth > NESTING_LIMIT:
            raise ValueError("the document nests too deep")
        level = [child for each in level for child in _children(each)]
    return document


def _children(value: Any) -> list[Any]:  # noqa: ANN401 — any JSON
    values = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [each for each in values if isinstance(each, Mapping | list)]
