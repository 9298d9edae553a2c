"""What the CRM of the simulation may reply, by kind of fault: the exchange as our client sees it, and the truth.

The texts are those of docs/contracts/bpmsoft.md; `tests/contract/test_simulated_crm.py` holds them against the CRM
simulator and the real HTTP client.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from functions.dispatch.classify import Exchange, TransportResult
from tools.verify.simulation.faults import Fault


@dataclass(frozen=True)
class Reply:
    """An exchange, and whether the lead was saved. `minutes_late`: it is saved so long after our client gave up."""

    exchange: Exchange
    saves: bool
    minutes_late: int = 0


def _inner(code: int, message: str) -> str:
    inner = f"{{resultMessage:{json.dumps(message, ensure_ascii=False)},resultCode:{code}}}"
    return json.dumps({"SaveWebFormObjectDataResult": inner}, ensure_ascii=False)


def _answered(status: int, text: str = "", *, saves: bool = False, retry_after: float | None = None) -> Reply:
    return Reply(Exchange(TransportResult.ANSWERED, status=status, text=text, retry_after=retry_after), saves)


def _refused(message: str, *, saves: bool = False) -> Reply:
    return _answered(200, _inner(-1, message), saves=saves)


def _broken(transport: TransportResult, error: str, *, saves: bool = False, minutes_late: int = 0) -> Reply:
    return Reply(Exchange(transport, error=error), saves, minutes_late)


SAVED = _answered(200, _inner(0, "Данные успешно сохранены"), saves=True)
CREATED = _answered(201, "{}", saves=True)  # another endpoint than the stock server's, in the letter's format only
DEADLOCK = "Transaction (Process ID 61) was deadlocked on lock resources and has been chosen as the deadlock victim."
_STRANGE = (_inner(-1, DEADLOCK), _inner(7, "?"), "<html>Login</html>", '{"ok": true}', "")
ERRORS = (500, 502, 504)

REPLIES: dict[Fault, tuple[Reply, ...]] = {
    Fault.CRM_BUSY: (_answered(429, retry_after=120.0), _answered(429), _answered(408)),
    Fault.CRM_PREPROCESS: (_refused("Ошибка предобработки данных формы"),),
    Fault.CRM_WARNING: (_refused("Web form data postprocessing error (entity was created).", saves=True),),
    Fault.CRM_PARTIAL: (
        _refused("Входная строка имела неверный формат.", saves=True),
        _refused('Record was not added to the "Lead" object. Not enough rights or data.', saves=True),
    ),
    Fault.CRM_CONTRACT: (_answered(400, "<p>Request Error</p>"), _answered(415)),
    Fault.CRM_TOO_LARGE: (_answered(413),),
    Fault.CRM_STRANGE_CREATED: tuple(_answered(200, text, saves=True) for text in _STRANGE),
    Fault.CRM_STRANGE_NOT: (*(_answered(200, text) for text in _STRANGE), _answered(418)),
    Fault.CRM_ERROR_CREATED: tuple(_answered(status, saves=True) for status in ERRORS),
    Fault.CRM_ERROR_NOT: tuple(_answered(status) for status in ERRORS),
    Fault.CRM_ANSWER_LOST: (
        _broken(TransportResult.MAYBE_SENT, "ReadTimeout", saves=True),
        _broken(TransportResult.MAYBE_SENT, "RemoteProtocolError", saves=True),
    ),
    Fault.CRM_REQUEST_LOST: (
        _broken(TransportResult.MAYBE_SENT, "ReadTimeout"),
        _broken(TransportResult.MAYBE_SENT, "ReadError"),
    ),
    Fault.CRM_SAVES_LATE: tuple(
        _broken(TransportResult.MAYBE_SENT, "ReadTimeout", saves=True, minutes_late=minutes) for minutes in (1, 5, 45)
    ),
    Fault.CRM_DOWN: (_answered(503), _answered(503, retry_after=600.0)),
    Fault.CRM_UNREACHABLE: (
        _broken(TransportResult.NOT_SENT, "ConnectError"),
        _broken(TransportResult.NOT_SENT, "ConnectTimeout"),
    ),
    Fault.CRM_LANDING_OFF: (
        _refused("Лендинг отключен в данный момент"),
        _refused("Not allowed request URL."),
        _answered(302),
        _answered(403),
    ),
    Fault.CRM_NOT_UNDERSTOOD: (_answered(200, '{"SaveWebFormObjectDataResult": ""}'),),
    Fault.CRM_CERTIFICATE: (_broken(TransportResult.CERTIFICATE_REFUSED, "certificate has expired"),),
}
REPLIES[Fault.CRM_FLAPPING] = (
    SAVED,
    *REPLIES[Fault.CRM_DOWN],
    *REPLIES[Fault.CRM_UNREACHABLE],
    *REPLIES[Fault.CRM_ANSWER_LOST],
    *REPLIES[Fault.CRM_REQUEST_LOST],
    *REPLIES[Fault.CRM_ERROR_CREATED],
)
TOO_SLOW = Exchange(TransportResult.MAYBE_SENT, error="TimeoutError")
CONFLICT = Exchange(TransportResult.ANSWERED, status=409)
KEY_TAKEN = Exchange(
    TransportResult.ANSWERED,
    status=200,
    text=_inner(-1, '23505: duplicate key value violates unique constraint "IX_Lead_UsrEventId"'),
)
