"""The service `SaveWebFormObjectData` as the stock product has it: the road a form takes, and the order of its checks.

Without contact fields the answer is about the lead; with them (and the feature on) it is about a row of `WebFormData`,
and the lead follows in the background.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from tools.simulators.crm import answers
from tools.simulators.crm.background import Background
from tools.simulators.crm.contacts import form_row, matched_contact
from tools.simulators.crm.entity import guid
from tools.simulators.crm.exchange import Refused, Unhandled
from tools.simulators.crm.faults import Injected
from tools.simulators.crm.form_data import Field, Form
from tools.simulators.crm.lead_import import Import
from tools.simulators.crm.profiles import Configuration, Landing
from tools.simulators.crm.trust import is_trusted
from tools.simulators.http.messages import Request, Response

_SYNONYMS = {
    "Name": "Contact",
    "Comment": "Commentary",
    "Company": "Account",
    "CompanyName": "Account",
    "Salutation": "Dear",
    "BusinessPhone": "BusinesPhone",
    "UseEmail": "DoNotUseEmail",
    "ContactId": "QualifiedContactId",
}
_PLACES = {"CityStr": "City", "CountryStr": "Country", "RegionStr": "Region"}
_IN_THE_BACKGROUND = ("worker_crash", "preprocess_error", "post_handler_error")
_INVERTED = {"true": "false", "false": "true"}


@dataclass(frozen=True)
class WebForm:
    """The service for one request."""

    request: Request
    target: Import
    background: Background
    settings_now: Callable[[], Configuration]

    def answer(self, form: Form | None) -> Response:
        """Raises Unhandled, or Interrupted by an injected fault."""
        if form is None or form.fields is None:
            return answers.result("")
        if self.target.config.async_feature and form.contact_fields:
            return self._answer_async(form, form.fields)
        return self._answer_sync(form, form.fields)

    def _answer_sync(self, form: Form, fields: tuple[Field, ...]) -> Response:
        try:
            form_id = guid(form.form_id)
            if form_id is None:
                raise self._refusal("unknown_form")
            self._import(form_id, fields, form)
        except Refused as refused:
            return self._result(-1, refused.text, _exception_type(form, refused))
        return self._result(0, self._text("ok"))

    def _import(self, form_id: str, fields: tuple[Field, ...], form: Form | None) -> None:
        """From the Id to the saved lead; `form` is None in the background, where the trust check is behind us."""
        fields = self._preprocessed(_with_id(fields))
        landing = self.target.config.landings.get(form_id)
        if landing is None or landing.entity != "Lead":
            raise self._refusal("no_schema")
        self._check_active(landing)
        if form is not None:
            self._check_trust(landing, form)
        self.target.save(fields, landing)

    def _answer_async(self, form: Form, fields: tuple[Field, ...]) -> Response:
        try:
            landing = self.target.config.landings.get(guid(form.form_id) or "")
            if landing is None:
                raise self._refusal("unknown_form")
            self._check_active(landing)
            self._check_trust(landing, form)
            self._store(landing, form, fields)
        except Refused as refused:
            return self._result(-1, refused.text)
        return self._result(0, self._text("ok"))

    def _store(self, landing: Landing, form: Form, fields: tuple[Field, ...]) -> None:
        """The row of `WebFormData`, which is all that the answer is about, and the task that will make the lead."""
        row = form_row(form.contact_fields, fields, landing.id)
        behind, ahead = self.target.injected.split(*_IN_THE_BACKGROUND)
        ahead.before_commit()
        self.target.records.web_form_data.append(row)
        self.background.later(self.target.config.async_delay_seconds, lambda: self._work(behind, landing, fields, row))
        ahead.after_commit()

    def _work(self, behind: Injected, landing: Landing, fields: tuple[Field, ...], row: dict[str, str]) -> None:
        """The background task, with the settings of its own time: whatever comes of it, nobody is told."""
        if behind.has("worker_crash"):
            raise Unhandled("ThreadAbortException")
        later = replace(self, target=replace(self.target, injected=behind, config=self.settings_now()))
        later.work(landing, fields, row)

    def work(self, landing: Landing, fields: tuple[Field, ...], row: dict[str, str]) -> None:
        """Find or make the contact where the landing says so, then the synchronous road."""
        if landing.create_contact and landing.contact_process and (found := matched_contact(self.target.records, row)):
            self.target.records.add_to_book(
                "Contact", found["FullName"] or found["Email"] or found["Phone"], found["id"]
            )
            fields = (*fields, Field("ContactId", found["id"]))
        self._import(landing.id, fields, None)

    def _preprocessed(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        """The pre-handlers of the Lead: synonyms, places. A field without a name makes them fail."""
        if self.target.injected.has("preprocess_error") or any(item.name is None for item in fields):
            raise self._refusal("preprocess", "ArgumentNullException")
        return tuple(self._preprocessed_field(item) for item in fields)

    def _preprocessed_field(self, item: Field) -> Field:
        name = item.name or ""
        if name == "UseEmail":
            return Field("DoNotUseEmail", _INVERTED.get((item.value or "").lower(), item.value))
        if name in _PLACES and item.value and (found := self.target.records.find_in_book(_PLACES[name], item.value)):
            return Field(_PLACES[name], found[0])
        return item.renamed(_SYNONYMS.get(name, name))

    def _check_active(self, landing: Landing) -> None:
        if not landing.active or self.target.injected.has("landing_off"):
            raise self._refusal("landing_off")

    def _check_trust(self, landing: Landing, form: Form) -> None:
        if form.option("disableRefererPolicy"):
            return
        own_url = self.request.base_url + self.request.path
        if not is_trusted(self.request.headers.get("referer"), landing.external_urls, own_url=own_url):
            raise self._refusal("url")

    def _text(self, key: str) -> str:
        return answers.text(key, self.target.config.culture)

    def _refusal(self, key: str, exception_type: str = "") -> Refused:
        return Refused(self._text(key), exception_type)

    def _result(self, code: int, message: str, extra: dict[str, str | None] | None = None) -> Response:
        config = self.target.config
        return answers.result(
            answers.inner(code, message, extra or {}, quoted=config.quoted_keys, code_first=config.code_first)
        )


def _with_id(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields with an Id: the one that came if it is a GUID, else a new one.

    The search ignores case, the import does not: an `id` in small letters is found here and is no column later. Raises
    Unhandled for a field without a name that stands before it.
    """
    for position, item in enumerate(fields):
        if item.name is None:
            raise Unhandled("NullReferenceException")
        if item.name.lower() == "id":
            chosen = item if guid(item.value) else Field(item.name, str(uuid.uuid4()))
            return (*fields[:position], chosen, *fields[position + 1 :])
    return (*fields, Field("Id", str(uuid.uuid4())))


def _exception_type(form: Form, refused: Refused) -> dict[str, str | None]:
    """Left out without options, null when options do not ask, the class name when they do."""
    if form.options is None:
        return {}
    asked = form.option("extendResponseWithExceptionType")
    return {"exceptionType": refused.exception_type if asked else None}
