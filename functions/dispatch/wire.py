"""The request's body in either wire format, within the CRM's size limit (docs/contracts/bpmsoft.md, "The request")."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from functions.dispatch.field_map import FieldMapping, Section
from functions.dispatch.lead import MappedField, cells, own_value, refused
from functions.dispatch.settings import RequiredContact, WireFormat
from functions.dispatch.usecases.dispatch import Lead
from postcall.domain.analysis import Analysis
from postcall.domain.deduplication import Deduplication
from postcall.domain.event import CallEvent
from postcall.domain.said import said
from postcall.domain.terms import SendingTerms

# Our leads' ids are derived from this: changing it would make a second lead of every call that is sent again.
LEAD_ID_NAMESPACE = uuid.UUID("5b0d0a9e-6a4e-5f0e-9b1c-2f6d1c1f7a10")
SHORTEST_COMMENT = 200  # characters; a lead whose other values leave less is refused instead


@dataclass(frozen=True)
class Wire:
    """How this environment's CRM wants a lead."""

    landing_id: str
    rows: tuple[FieldMapping, ...]
    wire_format: WireFormat = WireFormat.LETTER
    deduplication: Deduplication = Deduplication.NONE
    required_contact: RequiredContact = RequiredContact.NONE
    max_body_bytes: int = 60_000
    address: str = ""
    field_map: str = ""

    @property
    def sends_contact_fields(self) -> bool:
        """Whether any row goes into the contact section (in `web_form` that makes the CRM's answer a mere promise)."""
        return any(row.section is Section.CONTACT_FIELDS for row in self.rows)

    @cached_property
    def field_map_version(self) -> str:
        """The field map's name, and what tells its rows from those of another day."""
        rows = hashlib.sha256(repr(self.rows).encode()).hexdigest()[:12]
        return f"{self.field_map}@{rows}"


def lead_id(event_id: str) -> str:
    """The lead's primary key in the CRM, the same for every attempt at the same event."""
    return str(uuid.uuid5(LEAD_ID_NAMESPACE, event_id))


def terms(event: CallEvent, *, wire: Wire) -> SendingTerms:
    """The terms under which a lead of this event is sent now."""
    return SendingTerms(
        deduplication=wire.deduplication,
        wire_format=wire.wire_format,
        landing_id=wire.landing_id,
        address=wire.address,
        field_map=wire.field_map_version,
        key=_key(event, wire),
    )


def _key(event: CallEvent, wire: Wire) -> str | None:
    """What in the body the CRM knows a repeat by."""
    if wire.deduplication is Deduplication.LEAD_ID:
        return f"Id={lead_id(event.public_id)}"
    if wire.deduplication is Deduplication.EVENT_ID:
        columns = [f"{row.section}.{row.name}={own_value(event, row)}" for row in wire.rows if row.source == "event_id"]
        return ";".join(columns) or None
    return None


def compose(event: CallEvent, analysis: Analysis, *, wire: Wire) -> Lead:
    """The body for one event. The comment is shortened first when the body is too large."""
    limit: int | None = None
    while True:
        filled = cells(event, analysis, wire.rows, comment_limit=limit)
        payload = json.dumps(_body(event, filled, wire), ensure_ascii=False)
        excess = len(payload.encode()) - wire.max_body_bytes
        if excess <= 0:
            return Lead(payload, _warnings(filled), refused(filled, analysis, wire.required_contact))
        comment = max((len(cell.value) for cell in filled if cell.row.source == "commentary"), default=0)
        if comment <= SHORTEST_COMMENT:
            reason = said("dispatch.too_large", excess=excess)
            return Lead(payload, _warnings(filled), reason)
        limit = max(SHORTEST_COMMENT, comment - max(1, excess // 4))


def _body(event: CallEvent, filled: list[MappedField], wire: Wire) -> dict[str, Any]:
    contact = _pairs(filled, Section.CONTACT_FIELDS, empty=False)
    if wire.wire_format is WireFormat.LETTER:
        return {
            "landingId": wire.landing_id,
            "fields": _pairs(filled, Section.FIELDS, empty=True),
            "contactFields": contact,
        }
    # The stock server drops empty values anyway; leaving them out saves bytes.
    fields = _pairs(filled, Section.FIELDS, empty=False)
    if wire.deduplication is Deduplication.LEAD_ID:
        fields.insert(0, {"name": "Id", "value": lead_id(event.public_id)})
    return {
        "formData": {
            "formId": wire.landing_id,
            "formFieldsData": fields,
            "contactFieldsData": contact,
            "options": {"extendResponseWithExceptionType": True},
        },
    }


def _pairs(filled: Iterable[MappedField], section: Section, *, empty: bool) -> list[dict[str, str]]:
    return [
        {"name": cell.row.name, "value": cell.value}
        for cell in filled
        if cell.row.section is section and (empty or cell.value)
    ]


def _warnings(filled: list[MappedField]) -> tuple[str, ...]:
    return tuple(filter(None, map(_warning, filled)))


def _warning(cell: MappedField) -> str | None:
    if cell.misshapen:
        return said("dispatch.misshapen", column=cell.row.name, kind=cell.row.source)
    if cell.cut_from is not None:
        return said("dispatch.cut", column=cell.row.name, cut_from=cell.cut_from, length=len(cell.value))
    return None
