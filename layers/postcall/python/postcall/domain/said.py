"""What people are told: a code with parameters, whose words stand once per language in `postcall/words/`.

`raise Conflict(said("resend.sending"))` is the English sentence wherever a text is expected, and keeps its code on the
way to the record and the API, where another language can be made of it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Self

FOLDER = Path(__file__).resolve().parent.parent / "words"
LANGUAGES = ("en", "ru")
Words = dict[str, dict[str, str]]
Param = str | int | float
_PLACE = re.compile(r"\{(\w+)\}")


class Said(str):
    """An English sentence that knows its code and its parameters. A parameter may be `Said` itself."""

    __slots__ = ("code", "params")
    code: str
    params: dict[str, Param]

    def __new__(cls, code: str, params: dict[str, Param]) -> Self:
        self = super().__new__(cls, _filled(code, params, "en"))
        self.code = code
        self.params = params
        return self

    def __getnewargs__(self) -> tuple[str, dict[str, Param]]:  # type: ignore[override]  # a copy is made of these
        return self.code, self.params

    def __str__(self) -> str:
        """Itself, so that the text of an error keeps its code."""
        return self


@cache
def words() -> Words:
    """Every code with its words, by language: `{"crm.saved": {"en": "…", "ru": "…"}}`."""
    found: Words = {}
    for path in sorted(FOLDER.glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def said(code: str, /, **params: object) -> Said:
    """The words behind a code, with `{name}` for each parameter.

    Raises:
        KeyError: For a code without words.
    """
    if code not in words():
        raise KeyError(code)
    return Said(code, {name: _plain(value) for name, value in params.items()})


def in_language(text: str, language: str) -> str:
    """A text in `en` or `ru`; one without a code stays as it is."""
    return _filled(text.code, text.params, language) if isinstance(text, Said) else text


def write_said(text: str | None) -> Any:  # noqa: ANN401 — JSON
    """The form in a record: code and parameters; a text without a code as it is."""
    if not isinstance(text, Said):
        return text
    params = {name: write_said(value) if isinstance(value, str) else value for name, value in text.params.items()}
    return {"code": text.code, "params": params}


def store_said(text: str | None) -> Any:  # noqa: ANN401 — JSON
    """The same as an item keeps it: without parameters where there are none, for each list is billed on its bytes."""
    if not isinstance(text, Said):
        return text
    params = {name: store_said(value) if isinstance(value, str) else value for name, value in text.params.items()}
    return {"code": text.code, "params": params} if params else {"code": text.code}


def read_said(stored: Any) -> Any:  # noqa: ANN401 — what was written so, or a text from before there were codes
    """The text behind a record's form. A code of a later version shows itself."""
    if not isinstance(stored, dict) or not isinstance(stored.get("code"), str):
        return stored
    params = {str(name): read_said(value) for name, value in (stored.get("params") or {}).items()}
    return Said(stored["code"], params)


def code_of(text: str | None) -> str | None:
    """The code of a text; None for one without."""
    return text.code if isinstance(text, Said) else None


def said_members(name: str, text: str | None) -> dict[str, Any]:
    """A text as JSON members: `name` the English sentence, beside it `name_code` and `name_params` if it has them."""
    members = write_said(text)
    if not isinstance(members, dict):
        return {name: text}
    return {name: text, f"{name}_code": members["code"], f"{name}_params": members["params"]}


def read_said_members(members: dict[str, Any], name: str) -> str | None:
    """The text that `said_members` wrote."""
    code = members.get(f"{name}_code")
    found = read_said({"code": code, "params": members.get(f"{name}_params")}) if code else members.get(name)
    return found if isinstance(found, str) else None


def _filled(code: str, params: dict[str, Param], language: str) -> str:
    template = words().get(code, {}).get(language, code)

    def value(found: re.Match[str]) -> str:
        return in_language(str(params.get(found[1], found[0])), language)

    return _PLACE.sub(value, template)


def _plain(value: object) -> Param:
    """A number or a text; an enumeration's member is its value."""
    return value if isinstance(value, (Said, int, float)) else str(value)
