"""What an agent's own fields mean: the names in `collected.toml` lead to a name, a phone, an e-mail, a label."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from functions.analysis.words import pattern, words

_SEVERAL = re.compile(r"[,;|\n]+| / | (?:и|или|and|or) ")


@dataclass(frozen=True)
class FieldNames:
    """Names of an agent's fields by what they hold, in order of preference."""

    contact: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, tuple[str, ...]]

    def contact_value(self, values: Mapping[str, Any], what: str) -> str | None:
        """The first value said for `full_name`, `phone` or `email`; a name may come in two parts."""
        found = _first(values, self.contact.get(what, ()))
        if found is None and what == "full_name":
            parts = (_first(values, self.contact.get(part, ())) for part in ("first_name", "last_name"))
            found = " ".join(part for part in parts if part) or None
        return found

    def contact_values(self, values: Mapping[str, Any], what: str) -> list[str]:
        """Every value said for `full_name`, `phone` or `email`, in order of preference; a field may hold several."""
        found = _all(values, self.contact.get(what, ()))
        if what == "full_name":
            first = self.contact_value(values, what)
            return [first] if first is not None else []
        return [one.strip() for text in found for one in _SEVERAL.split(text) if one.strip()]

    def label(self, values: Mapping[str, Any], what: str) -> str | None:
        """The text collected for one of the labels."""
        return _first(values, self.labels.get(what, ()))


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    by_name = {name.casefold(): value for name, value in values.items()}
    return next((text for name in names if (text := said(by_name.get(name))) is not None), None)


def _all(values: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    by_name = {name.casefold(): value for name, value in values.items()}
    found: list[str] = []
    for name in names:
        value = by_name.get(name)
        value = value.get("value") if isinstance(value, dict) else value
        several = value if isinstance(value, list) else [value]
        found += [text for one in several if (text := said(one)) is not None]
    return found


def is_placeholder(text: str) -> bool:
    """Whether a text says in a contact's place that there is none: «не представился», «none@…»."""
    folded = " ".join(text.casefold().replace("ё", "е").split()).strip(" .,!\"'«»()[]<>")
    return (
        folded in words("placeholders", "missing")
        or pattern("placeholders", "expressions").fullmatch(folded) is not None
    )


def said(value: Any) -> str | None:  # noqa: ANN401 — an agent's field may hold anything
    """A collected value as text; None for everything that means "not said"."""
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    text = str(value).strip()
    return None if is_placeholder(text) else text


@cache
def field_names() -> FieldNames:
    """The names in `collected.toml`."""
    tables = tomllib.loads((Path(__file__).parent / "collected.toml").read_text(encoding="utf-8"))
    contact, labels = (
        {what: tuple(name.casefold() for name in names) for what, names in tables[table].items()}
        for table in ("contact", "labels")
    )
    return FieldNames(contact=contact, labels=labels)
