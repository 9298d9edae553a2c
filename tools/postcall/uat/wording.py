"""The report's Russian: numbers with their nouns, and what an outcome means in words a CRM's owner reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from postcall.domain.zone import operators_zone
from tools.postcall.uat.result import Heard, Verdict

MINSK = operators_zone()
LABELS = {
    Verdict.PASSED: "пройдено",
    Verdict.FAILED: "не пройдено",
    Verdict.NOTED: "иначе, чем ожидалось",
    Verdict.UNCONFIRMED: "не подтверждено в CRM",
    Verdict.NOT_RUN: "не выполнялось",
}
MARKS = {
    Verdict.PASSED: "✅",
    Verdict.FAILED: "❌",
    Verdict.NOTED: "🔶",
    Verdict.UNCONFIRMED: "👁",
    Verdict.NOT_RUN: "⏸",
}

NOT_LOOKED = "На экране CRM это никто не проверял."
# "undefined" in every spelling that reaches a card; «Не определено» is our own label for a topic nobody judged.
_NOTHING = frozenset({"", "-", "–", "—", "undefined", "null", "none", "nan", "не определено", "не определён"})
_FEW, _ONE, _TEEN = range(2, 5), 1, range(11, 15)
OUTCOMES = {
    "delivered": "лид сохранён",
    "delivered_with_warning": "лид сохранён, последующий шаг в самой CRM завершился ошибкой",
    "accepted_unconfirmed": "запрос принят, лид создаётся позже",
    "already_there": "лид этого звонка уже есть, второй не создан",
    "partial": "лид сохранён, но без одного из значений",
    "rejected_contract": "запрос не понят, лид не создан",
    "rejected_configuration": "запрос отклонён настройками (лендинг, доверенный адрес, доступ), лид не создан",
    "rejected_data": "данные этого лида не приняты",
    "unavailable": "CRM недоступна, лид не создан",
    "unknown": "по ответу не понять, создан ли лид",
    "dry_run": "пробный прогон, ничего не отправлялось",
    "disabled": "отправка выключена, ничего не отправлялось",
}
CERTIFICATE = "crm.certificate"
NO_SUCH_LANDING = "CRM не знает такого лендинга."
NOT_LET_IN = "Адрес сервиса, прокси или список доступа не пропустили запрос."
TOO_LARGE = "Запрос больше, чем принимает CRM."
_CAUSES = {  # by the code of a verdict's detail
    "crm.empty_letter": "Сервер ждёт другое тело запроса: пустой результат даёт штатный сервис на тело из письма.",
    "crm.not_trusted": "CRM не доверяет нашему адресу: домена нет в «Адресе лендинга», или он записан иначе.",
    "crm.landing_unknown": NO_SUCH_LANDING,
    "crm.landing_no_object": NO_SUCH_LANDING,
    "crm.landing_off": "Лендинг выключен в CRM.",
    CERTIFICATE: "Сертификат сервера CRM не вызывает доверия: нужен сертификат её удостоверяющего центра.",
    "crm.http_refused": NOT_LET_IN,
    "crm.not_public": NOT_LET_IN,
    "crm.http_413": TOO_LARGE,
    "dispatch.too_large": TOO_LARGE,
    "dispatch.no_contact": "В звонке нет контакта, без которого лиды не отправляются.",
}


def minsk(moment: datetime | str) -> str:
    """A moment as the clock in Minsk shows it."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{at.astimezone(MINSK):%d.%m.%Y, %H:%M:%S} по Минску"


def columns(names: Iterable[str]) -> str:
    """Columns of the CRM in a sentence."""
    return ", ".join(f"`{name}`" for name in names)


def is_blank(value: object) -> bool:
    """Whether a field's value says nothing: an empty one, or a word that stands where nothing is known."""
    return value is None or str(value).strip().casefold() in _NOTHING


def leads(count: int) -> str:
    """`1 лид`, `2 лида`, `5 лидов`."""
    return counted(count, "лид", "лида", "лидов")


def counted(count: int, one: str, few: str, many: str) -> str:
    """A number with its noun."""
    if count % 100 in _TEEN:
        word = many
    elif count % 10 == _ONE:
        word = one
    else:
        word = few if count % 10 in _FEW else many
    return f"{count} {word}"


def outcome_words(outcome: str | None) -> str:
    """An outcome in words."""
    return OUTCOMES.get(outcome or "", "ответа нет")


def accepted_words(said: Heard) -> str:
    """What the CRM said when it took the lead."""
    time = "" if said.duration_ms is None else f" за {said.duration_ms} мс"
    return f"CRM ответила HTTP {said.http_status}{time}: {outcome_words(said.outcome)}."


def refusal_words(said: Heard, status: str) -> str:
    """Why a lead did not arrive."""
    http = f"HTTP {said.http_status}: " if said.http_status else ""
    cause = _CAUSES.get(said.code or "", "")
    standing = f" Звонок остаётся у нас в статусе `{status}`." if status else ""
    return f"{http}{outcome_words(said.outcome)}. {cause}".strip() + standing
