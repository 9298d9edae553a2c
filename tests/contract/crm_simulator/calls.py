"""What the simulator's tests send and read: bodies of both shapes, a caller, the mark of the behaviour shown."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from tools.simulators.crm.behaviours import BEHAVIOURS
from tools.simulators.crm.profiles import LANDING_ID
from tools.simulators.crm.simulator import CrmSimulator

TRUSTED = "https://mir.utlik.pro"
REFERER = f"{TRUSTED}/"
LEAD_ID = "6f2c1c0e-3a55-5d0b-9a37-0d3c1c7a9b11"

Test = TypeVar("Test", bound=Callable[..., None])
Json = dict[str, Any]


def shows(*ids: str) -> Callable[[Test], Test]:
    """Mark a test with the ids of `behaviours.py` that it shows; an id that is not there fails at once."""
    unknown = [id_ for id_ in ids if id_ not in BEHAVIOURS]
    assert not unknown, f"no such behaviour: {unknown}"
    return lambda test: test


def pairs(values: Mapping[str, object]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in values.items()]


def web_form(fields: Mapping[str, object] | list[Json] | None = None, **members: object) -> Json:
    """The stock wire body; further members of `formData` by their names."""
    sent = fields if isinstance(fields, list) else pairs(fields or {})
    return {"formData": {"formId": LANDING_ID, "formFieldsData": sent, "contactFieldsData": [], **members}}


def letter(fields: Mapping[str, object], contact: Mapping[str, object] | None = None, **members: object) -> Json:
    return {"landingId": LANDING_ID, "fields": pairs(fields), "contactFields": pairs(contact or {}), **members}


@dataclass(frozen=True)
class Inner:
    """The inner string, read as far as a test needs it."""

    text: str

    @property
    def code(self) -> int:
        found = re.search(r'"?resultCode"?:(-?\d+)', self.text)
        assert found, self.text
        return int(found[1])

    @property
    def message(self) -> str:
        return str(self._member("resultMessage"))

    @property
    def exception_type(self) -> object:
        return self._member("exceptionType")

    def _member(self, name: str) -> object:
        found = re.search(rf'"?{name}"?:("(?:[^"\\]|\\.)*"|null)', self.text)
        return json.loads(found[1]) if found else "(absent)"


@dataclass
class Caller:
    """A client of one simulator, which sends what a correct sender would unless told otherwise."""

    crm: CrmSimulator
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=5, trust_env=False))

    def post(self, body: object, headers: Mapping[str, str | None] | None = None) -> httpx.Response:
        """POST a JSON value; a header set to None is not sent."""
        sent = {"Referer": REFERER, **(headers or {})}
        return self.client.post(
            self.crm.service_url, json=body, headers={name: value for name, value in sent.items() if value is not None}
        )

    def raw(self, body: bytes, content_type: str | None = "application/json") -> httpx.Response:
        headers = {"Referer": REFERER} | ({"Content-Type": content_type} if content_type is not None else {})
        return self.client.post(self.crm.service_url, content=body, headers=headers)

    def result(self, body: object, headers: Mapping[str, str | None] | None = None) -> Inner:
        answer = self.post(body, headers)
        assert answer.status_code == 200, answer.text
        return Inner(str(answer.json()["SaveWebFormObjectDataResult"]))

    def lead(self, fields: Mapping[str, object] | list[Json], *, code: int = 0) -> Json:
        """Send a form, expect the code, and return the one lead that is there."""
        found = self.result(web_form(fields))
        assert found.code == code, found.text
        return self.only_lead()

    def only_lead(self) -> Json:
        (lead,) = self.crm.leads()
        return lead


def is_request_error(answer: httpx.Response, status: int = 400) -> bool:
    return (
        answer.status_code == status
        and answer.headers["Content-Type"].startswith("text/html")
        and "Request Error" in answer.text
    )
