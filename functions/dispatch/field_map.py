"""The field map: which of our values goes into which of the CRM's columns, one file an environment.

A row is `[[field]]` with `name` (the CRM's column), `section` (`fields` or `contact_fields`), and either `source` (one
of `SOURCES`) or `constant`; optional are `required`, `max_length` (characters), `phone_format` (for the phone) and
`lookup` (our code → the CRM's value). A bad map is refused when it is read, at synthesis and at the function's start.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from postcall.domain.errors import PostcallError

FOLDER = Path(__file__).parent / "field_maps"
SOURCES = frozenset(
    {
        "commentary",
        "qualification_comment",
        "lead_status",
        "topic",
        "intent",
        "quality_score",
        "event_id",
        "agent_id",
        "conversation_id",
        "full_name",
        "phone",
        "email",
        "summary",
        "summary_ru",
        "recommendations",
        "language",
        "needs_review",
        "received_at",
    },
)
_MEMBERS = frozenset({"name", "section", "source", "constant", "required", "max_length", "phone_format", "lookup"})


class FieldMapError(PostcallError, ValueError):
    """The map is wrong; the text names the file and the row. As a `ValueError` it makes its setting wrong."""


class Section(StrEnum):
    """Which part of the request a row goes into."""

    FIELDS = "fields"
    CONTACT_FIELDS = "contact_fields"


class PhoneFormat(StrEnum):
    """How the CRM wants a phone number."""

    E164 = "e164"  # +375291234567
    DIGITS = "digits"  # 375291234567
    CODE = "code"  # +37529: everything but the last seven digits
    NUMBER = "number"  # 1234567: the last seven digits


@dataclass(frozen=True)
class FieldMapping:
    """One of the CRM's columns and where its value comes from."""

    name: str
    section: Section
    source: str | None = None
    constant: str | None = None
    required: bool = False
    max_length: int | None = None
    phone_format: PhoneFormat = PhoneFormat.E164
    lookup: dict[str, str] = field(default_factory=dict)


@cache
def field_map(name: str, folder: Path = FOLDER) -> tuple[FieldMapping, ...]:
    """The map of an environment, in the order of its file.

    Raises:
        FieldMapError: The map is wrong; the text names the file and the row.
    """
    path = folder / f"{name}.toml"
    if not name.replace("-", "").replace("_", "").isalnum() or not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.toml")))
        raise FieldMapError(f"there is no field map '{name}' (there are: {known}).")
    return read_field_map(path.read_text(encoding="utf-8"), where=path.name)


def read_field_map(text: str, *, where: str) -> tuple[FieldMapping, ...]:
    """Read and check a map.

    Raises:
        FieldMapError: The text names the first wrong row.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FieldMapError(f"{where}: {error}.") from error
    rows = document.get("field")
    if not isinstance(rows, list) or not rows or set(document) != {"field"}:
        raise FieldMapError(f"{where}: the map must be a list of [[field]] rows and nothing else.")
    checked = tuple(_row(row, f"{where}, row {number}") for number, row in enumerate(rows, start=1))
    seen: set[tuple[Section, str]] = set()
    for number, row in enumerate(checked, start=1):
        if (row.section, row.name) in seen:
            raise FieldMapError(f"{where}, row {number} ({row.name}): the column stands twice in {row.section}.")
        seen.add((row.section, row.name))
    return checked


def _row(members: Any, where: str) -> FieldMapping:  # noqa: ANN401 — unchecked TOML
    name = members.get("name") if isinstance(members, dict) else None
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise FieldMapError(f"{where}: name is missing.")
    where = f"{where} ({name})"
    unknown = sorted(set(members) - _MEMBERS)
    if unknown:
        raise FieldMapError(f"{where}: unknown member {unknown[0]}.")
    source, constant = members.get("source"), members.get("constant")
    if (source is None) == (constant is None):
        raise FieldMapError(f"{where}: give either source or constant.")
    if name == "Id":
        raise FieldMapError(f"{where}: Id is the lead's key and set by CRM_DEDUPLICATION=lead_id alone.")
    if constant is not None and not isinstance(constant, str | int | float):
        raise FieldMapError(f"{where}: constant must be a text or a number.")
    if source is not None and (not isinstance(source, str) or source not in SOURCES):
        raise FieldMapError(f"{where}: source '{source}' is none of {', '.join(sorted(SOURCES))}.")
    return FieldMapping(
        name=name,
        section=_word(members, "section", Section, where, Section.FIELDS),
        source=source,
        constant=None if constant is None else str(constant),
        required=_flag(members, where),
        max_length=_length(members, where),
        phone_format=_phone_format(members, where),
        lookup=_lookup(members, where),
    )


def _word(members: dict[str, Any], name: str, words: type[StrEnum], where: str, default: StrEnum) -> Any:  # noqa: ANN401
    try:
        return words(str(members.get(name, default)))
    except ValueError:
        raise FieldMapError(f"{where}: {name} '{members[name]}' is none of {', '.join(words)}.") from None


def _flag(members: dict[str, Any], where: str) -> bool:
    required = members.get("required", False)
    if not isinstance(required, bool):
        raise FieldMapError(f"{where}: required must be true or false.")
    return required


def _length(members: dict[str, Any], where: str) -> int | None:
    length = members.get("max_length")
    if length is not None and (not isinstance(length, int) or isinstance(length, bool) or length < 1):
        raise FieldMapError(f"{where}: max_length must be a whole number of characters, at least 1.")
    return length


def _phone_format(members: dict[str, Any], where: str) -> PhoneFormat:
    if "phone_format" in members and members.get("source") != "phone":
        raise FieldMapError(f'{where}: phone_format belongs to source = "phone" only.')
    chosen: PhoneFormat = _word(members, "phone_format", PhoneFormat, where, PhoneFormat.E164)
    return chosen


def _lookup(members: dict[str, Any], where: str) -> dict[str, str]:
    lookup = members.get("lookup", {})
    if not isinstance(lookup, dict) or not all(isinstance(value, str) for value in lookup.values()):
        raise FieldMapError(f"{where}: lookup must map our codes to the CRM's values, as text.")
    return dict(lookup)


def field_map_name(name: str) -> str:
    """The name of a map that is there and right: how the setting CRM_FIELD_MAP is read.

    Raises:
        FieldMapError: The map is wrong; the text names the file and the row.
    """
    field_map(name)
    return name
