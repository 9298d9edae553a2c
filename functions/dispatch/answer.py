"""What BPMsoft's answer says, read and not guessed: the result inside the result, with or without quoted keys.

The stock server answers with one member, `SaveWebFormObjectDataResult`, whose value is a text such as
`{resultMessage:"…",resultCode:0}`: not JSON, since its keys are bare (docs/contracts/bpmsoft.md, "The answer").
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from postcall.domain.said import said

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<word>[A-Za-z_$][\w$]*)
      | (?P<mark>[{}\[\]:,])
    )""",
    re.VERBOSE | re.DOTALL,
)
RESULT = "SaveWebFormObjectDataResult"
_LITERALS = frozenset({"true", "false", "null"})


@dataclass(frozen=True)
class Result:
    """The CRM's verdict on the request: its code, its sentence, and the .NET exception's name where it gave one."""

    code: int
    message: str
    exception_type: str = ""


@dataclass(frozen=True)
class EmptyResult:
    """The server found no `formData.formFieldsData` in the body: it did nothing."""


@dataclass(frozen=True)
class UnrecognizedResponse:
    """Not an answer of this service: a login page, another product, a truncated text."""

    why: str


def read_answer(text: str) -> Result | EmptyResult | UnrecognizedResponse:
    """Read the body of an HTTP 200."""
    try:
        outer = json.loads(text, object_pairs_hook=_no_doubles)
    except (ValueError, RecursionError):
        return UnrecognizedResponse(said("crm.unrecognized.not_json"))
    if not isinstance(outer, dict):
        return UnrecognizedResponse(said("crm.unrecognized.not_object"))
    if RESULT not in outer:
        return _result(outer)
    inner = outer[RESULT]
    if inner == "":
        return EmptyResult()
    if isinstance(inner, str):
        try:
            inner = json.loads(quote_names(inner), strict=False, object_pairs_hook=_no_doubles)
        except (ValueError, RecursionError):
            return UnrecognizedResponse(said("crm.unrecognized.unreadable"))
    return _result(inner)


def quote_names(text: str) -> str:
    """The same object with its bare member names in quotes; text inside strings is left alone.

    Raises:
        ValueError: A character begins nothing that JSON knows.
    """
    parts: list[str] = []
    position = 0
    text = text.strip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ValueError(f"unexpected character at {position}")
        word = token["word"]
        bare = word is not None and not (word in _LITERALS and _ends_a_value(text, token.end()))
        parts.append(json.dumps(word) if bare else token.group().strip())
        position = token.end()
        while position < len(text) and text[position].isspace():
            position += 1
    return "".join(parts)


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different; which of two result codes holds is nobody's to guess."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def _ends_a_value(text: str, position: int) -> bool:
    return not text[position:].lstrip().startswith(":")


def _result(members: Any) -> Result | UnrecognizedResponse:  # noqa: ANN401 — unchecked JSON
    if not isinstance(members, dict) or "resultCode" not in members:
        return UnrecognizedResponse(said("crm.unrecognized.no_code"))
    code = members["resultCode"]
    if isinstance(code, str) and re.fullmatch(r"-?\d{1,9}", code, re.ASCII):
        code = int(code)
    if not isinstance(code, int) or isinstance(code, bool):
        return UnrecognizedResponse(said("crm.unrecognized.code_not_number"))
    return Result(code, _text(members.get("resultMessage")), _text(members.get("exceptionType")))


def _text(value: Any) -> str:  # noqa: ANN401 — unchecked JSON
    return value if isinstance(value, str) else ""
