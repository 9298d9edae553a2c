"""Contact fields of a form: the `WebFormData` row they become, and the contact that the default process makes of it."""

import json
import re
import uuid
from typing import Any

from tools.simulators.crm.entity import MEDIUM
from tools.simulators.crm.exchange import Unhandled
from tools.simulators.crm.form_data import Field
from tools.simulators.crm.records import Records, now

_COLUMNS = ("FullName", "FirstName", "MiddleName", "LastName", "Phone", "Email")
_STORED = {"Contact": "ContactId", "ContactId": "ContactId"}
_INTERNAL = ("Id", "Data", "WebFormId")


def form_row(contact_fields: tuple[Field, ...], fields: tuple[Field, ...], landing_id: str) -> dict[str, Any]:
    """The row of `WebFormData`. Raises Unhandled for a field without a name, be it the form's or the contact's.

    Unknown names are dropped, texts are cut at 250; a form that sends `Id`, `Data` or `WebFormId` overwrites the row's
    own.

    Raises:
        Unhandled: An exception that the service does not catch: the "Request Error" page.
    """
    if any(item.name is None for item in (*contact_fields, *fields)):
        raise Unhandled("NullReferenceException")
    row: dict[str, Any] = dict.fromkeys(_COLUMNS, "") | {
        "Id": str(uuid.uuid4()),
        "WebFormId": landing_id,
        "Data": json.dumps([{"name": item.name, "value": item.value} for item in fields], ensure_ascii=False),
        "IsObjectCreated": False,
        "CreatedOn": now(),
    }
    for item in contact_fields:
        name = _STORED.get(str(item.name), str(item.name))
        if name in (*_COLUMNS, *_INTERNAL, "ContactId"):
            row[name] = (item.value or "")[:MEDIUM].strip()
    return row


def matched_contact(records: Records, row: dict[str, Any]) -> dict[str, str] | None:
    """The contact of the row by the four rules of the default process, or a new one; None when the row names nobody.

    Phones are compared by their digits, names and e-mails letter by letter; the earliest contact wins. A new phone or
    e-mail is added to the contact that was found.
    """
    name, email, phone = row["FullName"], row["Email"], _digits(row["Phone"])
    if not (name or email or phone):
        return None
    rules: tuple[tuple[bool, dict[str, str]], ...] = (
        (bool(name and email and phone), {"FullName": name, "email": email, "phone": phone}),
        (bool(email and phone), {"email": email, "phone": phone}),
        (bool(name and phone), {"FullName": name, "phone": phone}),
        (bool(email), {"email": email}),
    )
    for applies, wanted in rules:
        found = next((c for c in records.contacts if applies and _fits(c, wanted)), None)
        if found is not None:
            _learn(found, email, row["Phone"])
            return found
    made = {"id": str(uuid.uuid4()), "FullName": name, "Email": email, "Phone": row["Phone"]}
    records.contacts.append(made | {"emails": [email] if email else [], "phones": [row["Phone"]] if phone else []})
    return made


def _fits(contact: dict[str, Any], wanted: dict[str, str]) -> bool:
    return (
        wanted.get("FullName", contact["FullName"]) == contact["FullName"]
        and ("email" not in wanted or wanted["email"] in contact["emails"])
        and ("phone" not in wanted or wanted["phone"] in map(_digits, contact["phones"]))
    )


def _learn(contact: dict[str, Any], email: str, phone: str) -> None:
    if email and email not in contact["emails"]:
        contact["emails"].append(email)
    if _digits(phone) and _digits(phone) not in map(_digits, contact["phones"]):
        contact["phones"].append(phone)


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)
