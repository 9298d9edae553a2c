"""From an analysed event to the values of the CRM's columns: the field map applied, lengths kept, cuts noted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from functions.dispatch.commentary import commentary, label
from functions.dispatch.field_map import FieldMapping, PhoneFormat
from functions.dispatch.plain_text import Kind, gated
from functions.dispatch.settings import RequiredContact
from postcall.domain.analysis import Analysis
from postcall.domain.clock import write_time
from postcall.domain.event import CallEvent
from postcall.domain.said import said

LOCAL_NUMBER_DIGITS = 7


@dataclass(frozen=True)
class MappedField:
    """One column with its value, and what became of it on the way.

    `cut_from` is the length it had, when it had to be cut; `misshapen`: it was no phone or no e-mail and is left out.
    """

    row: FieldMapping
    value: str
    cut_from: int | None = None
    misshapen: bool = False


def cells(
    event: CallEvent, analysis: Analysis, rows: Iterable[FieldMapping], *, comment_limit: int | None
) -> list[MappedField]:
    """Every row with its value, empty where there is none. `comment_limit` shortens the comment beyond its own row."""
    return [_cell(event, analysis, row, comment_limit) for row in rows]


def refused(cells_: Iterable[MappedField], analysis: Analysis, required: RequiredContact) -> str | None:
    """Why this lead must not be sent, by our own rules, or None."""
    contact = analysis.contact
    phone = contact.phone is not None and gated(contact.phone.value, Kind.PHONE) != ""
    email = contact.email is not None and gated(contact.email.value, Kind.EMAIL) != ""
    there = {
        RequiredContact.NONE: True,
        RequiredContact.ANY: phone or email,
        RequiredContact.PHONE: phone,
        RequiredContact.EMAIL: email,
    }
    if not there[required]:
        return said("dispatch.no_contact", required=required)
    for cell in cells_:
        if cell.row.required and not cell.value:
            return said("dispatch.column_empty", column=cell.row.name)
        if cell.row.source == "event_id" and cell.cut_from is not None:
            return said("dispatch.id_too_long", cut_from=cell.cut_from, column=cell.row.name)
    return None


def own_value(event: CallEvent, row: FieldMapping) -> str:
    """A value that the event itself has, whatever its analysis says."""
    return event.public_id if row.source == "event_id" else getattr(event, row.source or "", None) or ""


def _cell(event: CallEvent, analysis: Analysis, row: FieldMapping, comment_limit: int | None) -> MappedField:
    if row.source == "commentary":
        whole = commentary(event, analysis)
        limits = [limit for limit in (row.max_length, comment_limit) if limit is not None]
        text = commentary(event, analysis, limit=min(limits)) if limits else whole
        return MappedField(row, text, cut_from=len(whole) if text != whole else None)
    found = row.constant if row.constant is not None else _value(event, analysis, row)
    value = gated(row.lookup.get(found, found), _kind(row))
    if row.max_length is not None and len(value) > row.max_length:
        return MappedField(row, value[: row.max_length], cut_from=len(value))
    return MappedField(row, value, misshapen=bool(found.strip()) and not value)


def _kind(row: FieldMapping) -> Kind:
    if row.constant is not None:
        return Kind.OWN
    return {"phone": Kind.PHONE, "email": Kind.EMAIL}.get(row.source or "", Kind.TEXT)


def _value(event: CallEvent, analysis: Analysis, row: FieldMapping) -> str:
    contact = analysis.contact
    match row.source:
        case "phone":
            value = _phone(contact.phone.value, row.phone_format) if contact.phone else ""
        case "full_name" | "email":
            found = getattr(contact, row.source)
            value = found.value if found else ""
        case "event_id" | "agent_id" | "conversation_id":
            value = own_value(event, row)
        case "received_at":
            value = write_time(event.received_at)
        case "topic" | "intent" | "lead_status":
            code = getattr(analysis, row.source) or ""
            value = code if code in row.lookup else label(analysis, row.source)
        case "recommendations":
            value = "; ".join(analysis.recommendations)
        case "needs_review":
            value = "true" if analysis.needs_review else "false"
        case _:
            found = getattr(analysis, row.source or "", None)
            value = "" if found is None else str(found)
    return value


def _phone(phone: str, style: PhoneFormat) -> str:
    digits = "".join(character for character in phone if character.isdigit())
    match style:
        case PhoneFormat.E164:
            return phone
        case PhoneFormat.DIGITS:
            return digits
        case PhoneFormat.CODE:
            code = digits[:-LOCAL_NUMBER_DIGITS]
            return f"+{code}" if code else ""
        case PhoneFormat.NUMBER:
            return digits[-LOCAL_NUMBER_DIGITS:]
