"""Analyses and contacts as plain JSON: the form they have in the tables and in the operator API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from postcall.domain.analysis import Analysis, AnalysisSource, Evidence, Usage
from postcall.domain.call import Contact, ContactValue


def write_analysis(analysis: Analysis) -> dict[str, Any]:
    """The analysis as JSON members."""
    members = asdict(analysis)
    members["source"] = analysis.source.value
    return members


def read_analysis(members: dict[str, Any]) -> Analysis:
    """The analysis that `write_analysis` wrote; unknown members of a later version are left out."""
    known = {name: value for name, value in members.items() if name in Analysis.__dataclass_fields__}
    return Analysis(
        **known
        | {
            "source": AnalysisSource(members["source"]),
            "contact": read_contact(members.get("contact") or {}),
            "recommendations": tuple(members.get("recommendations") or ()),
            "evidence": tuple(Evidence(**evidence) for evidence in members.get("evidence") or ()),
            "flags": tuple(members.get("flags") or ()),
            "usage": Usage(**(members.get("usage") or {})),
        },
    )


def read_contact(members: dict[str, Any]) -> Contact:
    """A contact from its JSON members."""
    return Contact(**{name: ContactValue(**value) for name, value in members.items() if value})


def contact_values(contact: Contact) -> dict[str, str]:
    """Just the values, for the event's own record."""
    values = {"full_name": contact.full_name, "phone": contact.phone, "email": contact.email}
    return {name: value.value for name, value in values.items() if value is not None}
