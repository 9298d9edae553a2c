"""The closed list of questions that an acceptance test may ask the CRM: each one is a fixed request, marked as a test.

None is free-form: whoever may start this function still cannot send the CRM anything but these. Every lead they make
has «UAT Postcall» for its name and an event id that begins with `uat-` (docs/operating.md, "The acceptance test").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from functions.dispatch.bpmsoft import Endpoint
from functions.dispatch.settings import WireFormat
from functions.dispatch.wire import lead_id

TEST_NAME = "UAT Postcall"
TEST_PHONE = "+375290000000"
TEST_EMAIL = "uat-postcall@example.com"
NOT_A_NUMBER = "четыре"
LARGE_BYTES = 70_000  # above the 65 536 that a stock server takes
JSON_TYPE = "application/json; charset=utf-8"


class Probe(StrEnum):
    """What is asked; the letters are those of the list of questions to the CRM's owner."""

    REACH = "reach"  # is the address reachable from our static IP? Saves nothing, sends no lead
    LETTER_BODY = "letter_body"  # a: is the body of the letter understood?
    ORIGIN_ONLY = "origin_only"  # b: is the Origin enough?
    REFERER = "referer"  # c: and with the Referer?
    SAME_ID = "same_id"  # d: does a repeat of the same Id update? (asked twice)
    BAD_INTEGER = "bad_integer"  # e: is the score's column a whole number?
    CONTACT_FIELDS = "contact_fields"  # f: does the contact section put the lead off?
    WITHOUT_CONTACT = "without_contact"  # g: is a lead without name, phone and e-mail taken?
    LARGE_COMMENT = "large_comment"  # h: what is the largest body?
    NOT_JSON = "not_json"  # i: is another content type refused?


@dataclass(frozen=True)
class ProbeRequest:
    """One request, ready to be sent. `lead_id` is the key we chose for its lead, where we chose one."""

    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    wire_format: WireFormat = WireFormat.WEB_FORM
    contact_section: bool = False
    lead_id: str | None = None


def probe_event_id(probe: Probe, run: str) -> str:
    """The event id that the probe's lead bears; the same for a repeat within the same run."""
    return f"uat-{run}-{probe.replace('_', '-')}"


def probe_request(probe: Probe, run: str, *, endpoint: Endpoint, landing_id: str) -> ProbeRequest:
    """The request of a probe, for this environment's endpoint and landing."""
    if probe is Probe.REACH:
        return ProbeRequest("OPTIONS", {"Origin": endpoint.origin, "Access-Control-Request-Method": "POST"})
    event_id, headers = probe_event_id(probe, run), _headers(probe, endpoint)
    if probe is Probe.LETTER_BODY:
        return ProbeRequest(headers=headers, body=_letter(event_id, landing_id), wire_format=WireFormat.LETTER)
    contact = _CONTACT if probe is Probe.CONTACT_FIELDS else {}
    return ProbeRequest(
        headers=headers,
        body=_web_form(landing_id, _values(probe, event_id), contact),
        contact_section=bool(contact),
        lead_id=lead_id(event_id) if probe is Probe.SAME_ID else None,
    )


_PERSON = {"Name": TEST_NAME, "MobilePhone": TEST_PHONE, "Email": TEST_EMAIL}
_CONTACT = {"FullName": TEST_NAME, "Phone": TEST_PHONE, "Email": TEST_EMAIL}


def _headers(probe: Probe, endpoint: Endpoint) -> dict[str, str]:
    headers = {
        "Content-Type": "text/plain" if probe is Probe.NOT_JSON else JSON_TYPE,
        "Accept": "application/json",
        "Origin": endpoint.origin,
        "Referer": endpoint.referer,
    }
    if probe is Probe.ORIGIN_ONLY:
        del headers["Referer"]
    return headers


def _values(probe: Probe, event_id: str) -> dict[str, str]:
    """The lead's columns, in the order they are sent."""
    return {
        **({"Id": lead_id(event_id)} if probe is Probe.SAME_ID else {}),
        **({} if probe is Probe.WITHOUT_CONTACT else _PERSON),
        "Commentary": _comment(event_id, filler="ы" * (LARGE_BYTES // 2) if probe is Probe.LARGE_COMMENT else ""),
        "UsrEventId": event_id,
        **({"UsrQualityScore": NOT_A_NUMBER} if probe is Probe.BAD_INTEGER else {}),
    }


def _comment(event_id: str, filler: str = "") -> str:
    """Told in the lead itself, because a probe without contact has nothing else to be found by."""
    return f"{TEST_NAME}: тестовая запись, её можно удалить{filler} | IDs: event={event_id}, agent=, conv="


def _letter(event_id: str, landing_id: str) -> str:
    body = {
        "landingId": landing_id,
        "fields": _pairs({"Commentary": _comment(event_id), "UsrEventId": event_id}),
        "contactFields": _pairs(_CONTACT),
    }
    return json.dumps(body, ensure_ascii=False)


def _web_form(landing_id: str, values: Mapping[str, str], contact: Mapping[str, str]) -> str:
    form = {
        "formId": landing_id,
        "formFieldsData": _pairs(values),
        "contactFieldsData": _pairs(contact),
        "options": {"extendResponseWithExceptionType": True},
    }
    return json.dumps({"formData": form}, ensure_ascii=False)


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]
