"""From what happened to what it means: a pure function, a row for each case of docs/contracts/bpmsoft.md, "Outcomes".

HTTP 200 is not success, −1 does not mean that nothing was created, a time-out after the body was sent is unknown.
Whatever no row knows is `unknown`, never success.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from functions.dispatch.answer import RESULT, EmptyResult, Foreign, Result, read_answer
from functions.dispatch.settings import WireFormat
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Outcome, Verdict


class Happened(StrEnum):
    """What the HTTP exchange came to, before anybody reads the answer."""

    ANSWERED = "answered"
    NOT_SENT = "not_sent"  # name, connection, handshake: no byte of the request left
    CERTIFICATE_REFUSED = "certificate_refused"  # nor did one here, and waiting does not mend it
    ADDRESS_REFUSED = "address_refused"  # nor here: the CRM's name leads into a private network
    MAYBE_SENT = "maybe_sent"  # time-out or reset once the request was on its way


@dataclass(frozen=True)
class Exchange:
    """One HTTP exchange. `text` is the answer's body, `error` names what broke, `retry_after` is in seconds.

    `whole` is False for a body that broke off or was longer than any of the CRM's.
    """

    happened: Happened
    status: int | None = None
    text: str = ""
    error: str = ""
    retry_after: float | None = None
    duration_ms: int | None = None
    whole: bool = True


@dataclass(frozen=True)
class Terms:
    """What the answer's meaning depends on."""

    wire_format: WireFormat = WireFormat.LETTER
    deduplication: Deduplication = Deduplication.NONE
    sends_contact_fields: bool = False


def classify(exchange: Exchange, terms: Terms) -> Verdict:
    """The verdict on one exchange, with a sentence for the person who reads the record."""
    outcome, detail = _judge(exchange, terms)
    return Verdict(
        outcome=outcome,
        detail=detail,
        http_status=exchange.status,
        answer=exchange.text or exchange.error or None,
        retry_after=exchange.retry_after if outcome is Outcome.UNAVAILABLE else None,
        duration_ms=exchange.duration_ms,
    )


def _judge(exchange: Exchange, terms: Terms) -> tuple[Outcome, str]:
    if exchange.happened in _NOT_ANSWERED:
        outcome, sentence = _NOT_ANSWERED[exchange.happened]
        return outcome, sentence.format(exchange.error)
    status = exchange.status or 0
    if not exchange.whole and status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome.UNKNOWN, f"HTTP {status}, but the answer is not whole; the lead may or may not be there."
    if status == HTTPStatus.OK:
        return _judge_answer(exchange.text, terms)
    if status == HTTPStatus.CREATED and terms.wire_format is WireFormat.LETTER:
        return _judge_created(exchange.text, terms)
    return _judge_status(status, terms)


_NOT_ANSWERED = {
    Happened.NOT_SENT: (Outcome.UNAVAILABLE, "The CRM could not be reached; nothing was sent ({})."),
    Happened.CERTIFICATE_REFUSED: (
        Outcome.REJECTED_CONFIGURATION,
        "The CRM's certificate is not trusted; nothing was sent (CRM_CA_BUNDLE; {}).",
    ),
    Happened.ADDRESS_REFUSED: (
        Outcome.REJECTED_CONFIGURATION,
        "The CRM's address is not a public one; nothing was sent (CRM_SERVICE_URL; {}).",
    ),
    Happened.MAYBE_SENT: (Outcome.UNKNOWN, "The request was sent and no answer came back ({})."),
}
_BY_STATUS: dict[int, tuple[Outcome, str]] = {
    400: (
        Outcome.REJECTED_CONTRACT,
        "HTTP 400: the CRM could not read the request, or a column that it requires is missing.",
    ),
    413: (Outcome.REJECTED_DATA, "HTTP 413: the request is larger than the CRM takes (CRM_MAX_BODY_BYTES)."),
    415: (Outcome.REJECTED_CONTRACT, "HTTP 415: the CRM does not take JSON at this address."),
    408: (Outcome.UNAVAILABLE, "HTTP 408: the CRM gave up waiting for the request."),
    429: (Outcome.UNAVAILABLE, "HTTP 429: the CRM asks for fewer requests."),
    503: (Outcome.UNAVAILABLE, "HTTP 503: the CRM is not available."),
    500: (Outcome.UNKNOWN, "HTTP 500: the CRM failed; the lead may or may not be there."),
    502: (Outcome.UNKNOWN, "HTTP 502: a gateway failed; the lead may or may not be there."),
    504: (Outcome.UNKNOWN, "HTTP 504: a gateway gave up waiting; the lead may or may not be there."),
}
_WRONG_ADDRESS = frozenset({401, 403, 404, 405})


def _judge_status(status: int, terms: Terms) -> tuple[Outcome, str]:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status in _WRONG_ADDRESS or 300 <= status < 400:  # noqa: PLR2004 — redirects
        return (
            Outcome.REJECTED_CONFIGURATION,
            f"HTTP {status}: the address, a proxy or an access list refused the request (CRM_SERVICE_URL, static IP).",
        )
    if status == HTTPStatus.CONFLICT and terms.deduplication is Deduplication.EVENT_ID:
        return Outcome.ALREADY_THERE, "HTTP 409: the CRM has a lead of this event already."
    return Outcome.UNKNOWN, f"HTTP {status}: an answer nobody has seen yet; the lead may or may not be there."


def _judge_answer(text: str, terms: Terms) -> tuple[Outcome, str]:
    match read_answer(text):
        case EmptyResult():
            return Outcome.REJECTED_CONTRACT, _not_understood(terms)
        case Foreign(why):
            return Outcome.UNKNOWN, f"HTTP 200, but {why}; the lead may or may not be there."
        case Result(code=0):
            return _judge_success(text, terms)
        case Result(code=-1) as result:
            return _judge_refusal(result, terms)
        case Result(code=code):
            return Outcome.UNKNOWN, f"The result code {code} is one nobody has seen yet; the lead may be there."


def _judge_success(text: str, terms: Terms) -> tuple[Outcome, str]:
    if terms.wire_format is WireFormat.WEB_FORM and RESULT not in text:
        return Outcome.UNKNOWN, "HTTP 200 without this service's result; the lead may or may not be there."
    if terms.wire_format is WireFormat.WEB_FORM and terms.sends_contact_fields:
        return (
            Outcome.ACCEPTED_UNCONFIRMED,
            "The CRM took the request and creates the lead later, without telling how that went.",
        )
    return Outcome.DELIVERED, "The CRM saved the lead."


def _not_understood(terms: Terms) -> str:
    if terms.wire_format is WireFormat.LETTER:
        return (
            "The CRM did not understand the body of the letter and created nothing (an empty result): "
            "it is a stock server, set CRM_WIRE_FORMAT=web_form."
        )
    return "The CRM found no form fields in the body and created nothing (an empty result)."


def _judge_created(text: str, terms: Terms) -> tuple[Outcome, str]:
    """HTTP 201 says that something was created, unless the body says otherwise or is no answer of such a service."""
    if not text.strip():
        return Outcome.DELIVERED, "HTTP 201: the CRM created the lead."
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        members = None
    if isinstance(members, dict) and not _DOUBTFUL & {name.lower() for name in members}:
        return Outcome.DELIVERED, "HTTP 201: the CRM created the lead."
    return _judge_answer(text, terms)


# Members that may contradict the status: then the body is read like that of a 200.
_DOUBTFUL = frozenset({RESULT.lower(), "resultcode", "success", "error", "errors", "exceptiontype", "message"})


@dataclass(frozen=True)
class _Refusal:
    """A known text of a −1, in Russian or English; the language is that of the CRM's system user."""

    pattern: re.Pattern[str]
    outcome: Outcome
    detail: str


def _refusal(pattern: str, outcome: Outcome, detail: str) -> _Refusal:
    return _Refusal(re.compile(pattern, re.IGNORECASE), outcome, detail)


_REFUSALS = (
    _refusal(
        r"неизвестный идентификатор формы|unknown landing identifier",
        Outcome.REJECTED_CONFIGURATION,
        "The CRM does not know this landing; nothing was created (CRM_LANDING_ID).",
    ),
    _refusal(
        r"не найдена схема для лендинга|landing.?s specified schema was not found",
        Outcome.REJECTED_CONFIGURATION,
        "The CRM knows no object for this landing; nothing was created (CRM_LANDING_ID).",
    ),
    _refusal(
        r"лендинг отключ[её]н|landing is disabled",
        Outcome.REJECTED_CONFIGURATION,
        "The landing is switched off in the CRM; nothing was created. The CRM's owner has to switch it on.",
    ),
    _refusal(
        r"url, с которого выполнен запрос, не разреш[её]н|not allowed request url",
        Outcome.REJECTED_CONFIGURATION,
        "The CRM does not trust our address; nothing was created "
        "(CRM_TRUSTED_ORIGIN, CRM_REFERER against the landing's address in the CRM).",
    ),
    _refusal(
        r"ошибка предобработки данных формы|web ?form data preprocessing error",
        Outcome.UNAVAILABLE,
        "The CRM failed before it saved anything.",
    ),
    _refusal(
        r"ошибка постобработки данных формы|web ?form data postprocessing error",
        Outcome.DELIVERED_WITH_WARNING,
        "The CRM saved the lead; a later step of its own failed.",
    ),
    _refusal(
        r"входная строка имела неверный формат|input string was not in a correct format",
        Outcome.PARTIAL,
        "The CRM saved the lead without a value that it could not read (a number, a date or a yes/no column).",
    ),
    _refusal(
        r"запись не добавлена в объект|record was not added to the",
        Outcome.PARTIAL,
        "The CRM saved the lead without a value that is not in one of its lists.",
    ),
)
_DUPLICATE_KEY = re.compile(
    r"duplicate key|23505|повторяющ\w+ (?:строк\w+ )?(?:значение )?ключ|уникальн\w+ (?:индекс|ограничени)",
    re.IGNORECASE,
)
# The name of an index in quotation marks, before the part that quotes the row's values.
_OUR_INDEX = re.compile(r"""["'«\[][^"'»\]]*UsrEventId[^"'»\]]*["'»\]]""", re.IGNORECASE)
_VALUES = re.compile(r"detail|подробности|the duplicate key value is|повторяющееся значение: ", re.IGNORECASE)


def _judge_refusal(result: Result, terms: Terms) -> tuple[Outcome, str]:
    for refusal in _REFUSALS:
        if refusal.pattern.match(result.message.strip()):
            return refusal.outcome, refusal.detail
    if _DUPLICATE_KEY.search(result.message):
        return _judge_duplicate(result, terms)
    # A class name and nothing else goes on the record: this member is the other side's text.
    named = f" ({result.exception_type})" if re.fullmatch(r"[A-Za-z.]{1,80}", result.exception_type) else ""
    return Outcome.UNKNOWN, f"Result code −1 with a text nobody has seen yet{named}; the lead may or may not be there."


def _judge_duplicate(result: Result, terms: Terms) -> tuple[Outcome, str]:
    if terms.deduplication is Deduplication.EVENT_ID and _OUR_INDEX.search(_VALUES.split(result.message)[0]):
        return Outcome.ALREADY_THERE, "The CRM has a lead of this event already and refused a second one."
    if terms.deduplication is Deduplication.LEAD_ID:
        return Outcome.UNKNOWN, "Another request with the same lead id was faster; a repeat updates that lead."
    return Outcome.UNKNOWN, "The CRM names a duplicate key, but not the event's; the lead may or may not be there."
