"""The customer's labels: codes, what each means, and what the CRM calls it. Read from `taxonomy.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from functions.analysis.contacts.number_words import fold

LABELS = ("topic", "intent", "lead_status")


@dataclass(frozen=True)
class Label:
    """One value of one label."""

    code: str
    label: str
    definition: str
    is_lead: bool = True


@dataclass(frozen=True)
class Taxonomy:
    """All labels by name and code."""

    labels: Mapping[str, Mapping[str, Label]]
    unknown: Mapping[str, str]

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of one label."""
        return tuple(self.labels[name])

    def is_lead(self, *, topic: str | None, intent: str | None) -> bool:
        """Whether a call of this topic and intent can be a lead at all."""
        chosen = (("topic", topic), ("intent", intent))
        return all(code is None or self.labels[name][code].is_lead for name, code in chosen)

    def texts(self, **codes: str | None) -> dict[str, str]:
        """What people read for these codes, and for those that nobody set."""
        return {
            name: self.unknown[name] if code is None else self.labels[name][code].label for name, code in codes.items()
        }

    def code_of(self, name: str, text: str) -> str | None:
        """The code that a text is, by itself or by its label; None for anything else."""
        wanted = fold(text.strip())
        return next((one.code for one in self.labels[name].values() if wanted in {one.code, fold(one.label)}), None)


@cache
def taxonomy() -> Taxonomy:
    """The labels in `taxonomy.toml`."""
    tables = tomllib.loads((Path(__file__).parent / "taxonomy.toml").read_text(encoding="utf-8"))
    labels = {name: {code: Label(code=code, **row) for code, row in tables[name].items()} for name in LABELS}
    return Taxonomy(labels=labels, unknown=tables["unknown"])
