"""A CRM that accepts the letter's body: `landingId`, `fields`, `contactFields`.

No such server was seen: this is what the letter asks for. The lead gets all fields and the contact; the sender is
trusted by its Origin or its Referer; the answer has the stock shape. A second request with the same `UsrEventId` makes
a second lead unless the configuration says otherwise.
"""

from dataclasses import dataclass
from typing import Any

from tools.simulators.crm import answers
from tools.simulators.crm.entity import guid
from tools.simulators.crm.exchange import BadBody, Refused
from tools.simulators.crm.form_data import Field, pairs
from tools.simulators.crm.lead_import import Import
from tools.simulators.crm.profiles import Landing
from tools.simulators.crm.trust import is_trusted, is_trusted_origin
from tools.simulators.http.messages import Request, Response

CONTACT_COLUMNS = {"FullName": "Contact", "Phone": "MobilePhone", "Email": "Email"}


def is_letter(body: dict[str, Any]) -> bool:
    return "landingId" in body and "formData" not in body


@dataclass(frozen=True)
class Letter:
    """The service for one request in the letter's shape."""

    request: Request
    target: Import

    def answer(self, body: dict[str, Any]) -> Response:
        """Raises BadBody, Unhandled, or Interrupted by an injected fault.

        Raises:
            BadBody: A body that the .NET deserializer refuses: the "Request Error" page, status 400 on both
                platforms.
        """
        fields, contact = pairs(body.get("fields")) or (), pairs(body.get("contactFields")) or ()
        if any(item.name is None for item in (*fields, *contact)):
            raise BadBody("name")
        try:
            landing = self._landing(body.get("landingId"))
            if (duplicate := self._duplicate(fields)) is not None:
                return duplicate
            self._save(landing, fields, contact)
        except Refused as refused:
            return self._result(-1, refused.text)
        return self._result(0, self._text("ok"))

    def _save(self, landing: Landing, fields: tuple[Field, ...], contact: tuple[Field, ...]) -> None:
        people = {str(item.name): item.value or "" for item in contact}
        self._check_contact(people)
        if self.target.injected.has("preprocess_error"):
            raise Refused(self._text("preprocess"))
        if self.target.injected.has("worker_crash"):
            self.target.records.log.append("WebToObject: ThreadAbortException")
            return
        columns = tuple(item.renamed(CONTACT_COLUMNS.get(str(item.name), str(item.name))) for item in contact)
        self.target.save((*fields, *columns), landing, people)

    def _landing(self, landing_id: object) -> Landing:
        landing = self.target.config.landings.get(guid(str(landing_id)) or "")
        if landing is None:
            raise Refused(self._text("unknown_form"))
        if not landing.active or self.target.injected.has("landing_off"):
            raise Refused(self._text("landing_off"))
        headers, own_url = self.request.headers, self.request.base_url + self.request.path
        if not (
            is_trusted_origin(headers.get("origin"), landing.external_urls)
            or is_trusted(headers.get("referer"), landing.external_urls, own_url=own_url)
        ):
            raise Refused(self._text("url"))
        return landing

    def _check_contact(self, people: dict[str, str]) -> None:
        phone, email = people.get("Phone", "").strip(), people.get("Email", "").strip()
        enough = {"none": True, "any": bool(phone or email), "phone": bool(phone), "email": bool(email)}
        if not enough[self.target.config.letter_requires_contact]:
            raise Refused(self._text("contact_required"))

    def _duplicate(self, fields: tuple[Field, ...]) -> Response | None:
        """The two answers that the letter offers for a `UsrEventId` that is there already."""
        policy = self.target.config.letter_duplicates
        event_id = next((item.value for item in fields if item.name == "UsrEventId"), None)
        if policy == "second_lead" or not event_id or not self.target.records.leads(event_id):
            return None
        if policy == "conflict":
            return answers.page(409, "Conflict", f"UsrEventId {event_id} exists.")
        return self._result(0, self._text("ok"))

    def _text(self, key: str) -> str:
        return answers.text(key, self.target.config.culture)

    def _result(self, code: int, message: str) -> Response:
        config = self.target.config
        return answers.result(answers.inner(code, message, quoted=config.quoted_keys, code_first=config.code_first))
