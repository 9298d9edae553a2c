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

from functions.dispatch.answer import RESULT, EmptyResult, Result, UnrecognizedResponse, read_answer
from functions.dispatch.settings import WireFormat
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Outcome, Verdict
from postcall.domain.said import said


class TransportResult(StrEnum):
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

    transport: TransportResult
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
    if exchange.transport in _NOT_ANSWERED:
        outcome, code = _NOT_ANSWERED[exchange.transport]
        return outcome, said(code, error=exchange.error)
    status = exchange.status or 0
    if not exchange.whole and status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome.UNKNOWN, said("crm.not_whole", status=status)
    if status == HTTPStatus.OK:
        return _judge_answer(exchange.text, terms)
    if status == HTTPStatus.CREATED and terms.wire_format is WireFormat.LETTER:
        return _judge_created(exchange.text, terms)
    return _judge_status(status, terms)


_NOT_ANSWERED = {
    TransportResult.NOT_SENT: (Outcome.UNAVAILABLE, "crm.reached_not"),
    TransportResult.CERTIFICATE_REFUSED: (
        Outcome.REJECTED_CONFIGURATION,
        "crm.certificate",
    ),
    TransportResult.ADDRESS_REFUSED: (
        Outcome.REJECTED_CONFIGURATION,
        "crm.not_public",
    ),
    TransportResult.MAYBE_SENT: (Outcome.UNKNOWN, "crm.no_answer"),
}
_BY_STATUS: dict[int, tuple[Outcome, str]] = {
    400: (
        Outcome.REJECTED_CONTRACT,
        said("crm.http_400"),
    ),
    413: (Outcome.REJECTED_DATA, said("crm.http_413")),
    415: (Outcome.REJECTED_CONTRACT, said("crm.http_415")),
    408: (Outcome.UNAVAILABLE, said("crm.http_408")),
    429: (Outcome.UNAVAILABLE, said("crm.http_429")),
    503: (Outcome.UNAVAILABLE, said("crm.http_503")),
    500: (Outcome.UNKNOWN, said("crm.http_500")),
    502: (Outcome.UNKNOWN, said("crm.http_502")),
    504: (Outcome.UNKNOWN, said("crm.http_504")),
}
_WRONG_ADDRESS = frozenset({401, 403, 404, 405})


def _judge_status(status: int, terms: Terms) -> tuple[Outcome, str]:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status in _WRONG_ADDRESS or 300 <= status < 400:  # noqa: PLR2004 — redirects
        return (
            Outcome.REJECTED_CONFIGURATION,
            said("crm.http_refused", status=status),
        )
    if status == HTTPStatus.CONFLICT and terms.deduplication is Deduplication.EVENT_ID:
        return Outcome.ALREADY_THERE, said("crm.http_409")
    return Outcome.UNKNOWN, said("crm.http_other", status=status)


def _judge_answer(text: str, terms: Terms) -> tuple[Outcome, str]:
    match read_answer(text):
        case EmptyResult():
            return Outcome.REJECTED_CONTRACT, _not_understood(terms)
        case UnrecognizedResponse(why):
            return Outcome.UNKNOWN, said("crm.unrecognized", why=why)
        case Result(code=0):
            return _judge_success(text, terms)
        case Result(code=-1) as result:
            return _judge_refusal(result, terms)
        case Result(code=code):
            return Outcome.UNKNOWN, said("crm.unknown_code", code=code)


def _judge_success(text: str, terms: Terms) -> tuple[Outcome, str]:
    if terms.wire_format is WireFormat.WEB_FORM and RESULT not in text:
        return Outcome.UNKNOWN, said("crm.no_result")
    if terms.wire_format is WireFormat.WEB_FORM and terms.sends_contact_fields:
        return (
            Outcome.ACCEPTED_UNCONFIRMED,
            said("crm.accepted"),
        )
    return Outcome.DELIVERED, said("crm.saved")


def _not_understood(terms: Terms) -> str:
    if terms.wire_format is WireFormat.LETTER:
        return said("crm.empty_letter")
    return said("crm.empty_form")


def _judge_created(text: str, terms: Terms) -> tuple[Outcome, str]:
    """HTTP 201 says that something was created, unless the body says otherwise or is no answer of such a service."""
    if not text.strip():
        return Outcome.DELIVERED, said("crm.http_201")
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        members = None
    if isinstance(members, dict) and not _DOUBTFUL & {name.lower() for name in members}:
        return Outcome.DELIVERED, said("crm.http_201")
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
        said("crm.landing_unknown"),
    ),
    _refusal(
        r"не найдена схема для лендинга|landing.?s specified schema was not found",
        Outcome.REJECTED_CONFIGURATION,
        said("crm.landing_no_object"),
    ),
    _refusal(
        r"лендинг отключ[её]н|landing is disabled",
        Outcome.REJECTED_CONFIGURATION,
        said("crm.landing_off"),
    ),
    _refusal(
        r"url, с которого выполнен запрос, не разреш[её]н|not allowed request url",
        Outcome.REJECTED_CONFIGURATION,
        said("crm.not_trusted"),
    ),
    _refusal(
        r"ошибка предобработки данных формы|web ?form data preprocessing error",
        Outcome.UNAVAILABLE,
        said("crm.failed_before"),
    ),
    _refusal(
        r"ошибка постобработки данных формы|web ?form data postprocessing error",
        Outcome.DELIVERED_WITH_WARNING,
        said("crm.failed_after"),
    ),
    _refusal(
        r"входная строка имела неверный формат|input string was not in a correct format",
        Outcome.PARTIAL,
        said("crm.partial_format"),
    ),
    _refusal(
        r"запись не добавлена в объект|record was not added to the",
        Outcome.PARTIAL,
        said("crm.partial_lookup"),
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
    if re.fullmatch(r"[A-Za-z.]{1,80}", result.exception_type):
        return Outcome.UNKNOWN, said("crm.unknown_text_of", exception=result.exception_type)
    return Outcome.UNKNOWN, said("crm.unknown_text")


def _judge_duplicate(result: Result, terms: Terms) -> tuple[Outcome, str]:
    if terms.deduplication is Deduplication.EVENT_ID and _OUR_INDEX.search(_VALUES.split(result.message)[0]):
        return Outcome.ALREADY_THERE, said("crm.already_there")
    if terms.deduplication is Deduplication.LEAD_ID:
        return Outcome.UNKNOWN, said("crm.same_lead_id")
    return Outcome.UNKNOWN, said("crm.other_duplicate")
