"""From what was found to the settings it implies: a pure function, one rule a setting.

Each rule reads the settings in force and the results by their key, and gives at most one piece of advice. A rule that
was told nothing gives none: what was not asked is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tools.postcall.uat.advised import Advice, Sureness
from tools.postcall.uat.result import Heard, Result
from tools.postcall.uat.wording import CERTIFICATE, leads

STOCK_LIMIT_BYTES = 65_536
SLOW_SHARE = 0.5  # of the time-out: a lead that takes longer is near to be cut off
CONTACT_SECTION = "contact_fields"
Settings = Mapping[str, Any]
Rows = Iterable[Mapping[str, Any]]
Results = Mapping[str, Result]


def advice(settings: Settings, field_map: Rows, results: Results) -> list[Advice]:
    """Everything the findings imply, in the order of a request's way."""
    known = _Known(settings, tuple(field_map), results)
    found = (rule(known) for rule in _RULES)
    return [each for each in found if each is not None]


@dataclass(frozen=True)
class _Known:
    settings: Settings
    rows: tuple[Mapping[str, Any], ...]
    results: Results

    def heard(self, key: str) -> Heard | None:
        """The last answer to a scenario or probe."""
        result = self.results.get(key)
        return result.heard[-1] if result and result.heard else None

    def seen(self, key: str) -> int | None:
        """How many leads a look has shown."""
        return self.results[key].seen.count if key in self.results else None

    def setting(self, name: str) -> str:
        """A setting in force, as its variable has it."""
        value = self.settings.get(name)
        if isinstance(value, bool):
            return str(value).lower()
        return f"{value:g}" if isinstance(value, float) else str(value if value is not None else "")

    def advise(self, name: str, value: str, why: str, sureness: Sureness) -> Advice:
        """A value for a setting."""
        return Advice(name, value, why, sureness, changes=self.setting(name) != value)

    @property
    def wire_format(self) -> str:
        """The body this CRM understands, as far as it is known."""
        advised = _wire_format(self)
        return advised.value if advised else self.setting("CRM_WIRE_FORMAT")


def _reach(known: _Known) -> Advice | None:
    result = known.results.get("reach")
    heard = known.heard("reach")
    if result is None or heard is None:
        return None
    if heard.http_status is None:
        if heard.code == CERTIFICATE:
            why = "Сертификат сервера не проверяется по общим удостоверяющим центрам: нужен файл CA от владельца CRM."
            return Advice("CRM_CA_BUNDLE", "файл сертификата CA", why, Sureness.ASK, changes=True)
        why = f"Сервер не отвечает с адреса среды ({heard.detail}): нужен допуск для статического IP."
        return Advice("Доступ по IP", "внести адрес в белый список", why, Sureness.ASK, changes=True)
    if heard.http_status == 403:  # noqa: PLR2004 — forbidden
        why = "HTTP 403 даёт не сама CRM, а прокси или список доступа перед ней."
        return Advice("Доступ по IP", "внести адрес в белый список", why, Sureness.ASK, changes=True)
    if heard.http_status in {301, 302, 307, 308, 404}:
        why = f"HTTP {heard.http_status}: по этому пути сервиса нет. На .NET Framework путь начинается с `/0/`."
        return Advice("CRM_SERVICE_URL", "проверить путь (с `/0/` или без)", why, Sureness.ASK, changes=True)
    return None


def _wire_format(known: _Known) -> Advice | None:
    return _body_by_probes(known) or _body_by_scenario(known)


def _body_by_probes(known: _Known) -> Advice | None:
    """What the server made of both bodies, asked side by side."""
    letter, widget, name = known.heard("letter_body"), known.heard("referer"), "CRM_WIRE_FORMAT"
    if letter is None or not (letter.accepted or letter.outcome == "rejected_contract"):
        return None
    takes_widget = widget is not None and widget.accepted
    if letter.accepted and takes_widget:
        why = "Сервер принимает оба тела. Остаётся нынешнее; полноту полей решает взгляд на карточку лида."
        return known.advise(name, known.setting(name), why, Sureness.LIKELY)
    if letter.accepted:
        return known.advise(name, "letter", "Сервер принимает тело из письма.", Sureness.SHOWN)
    why = "На тело из письма сервер отвечает пустым результатом и ничего не создаёт"
    if takes_widget:
        return known.advise(name, "web_form", f"{why}, тело виджета принимает.", Sureness.SHOWN)
    return known.advise(name, "web_form", f"{why}, как штатный; тело виджета пока тоже не принято.", Sureness.LIKELY)


def _body_by_scenario(known: _Known) -> Advice | None:
    sent, name = known.heard("B"), "CRM_WIRE_FORMAT"
    if sent is None:
        return None
    if sent.outcome == "rejected_contract" and known.setting(name) == "letter":
        why = "Сервер не понял тело из письма: так отвечает штатный сервис, который ждёт тело виджета."
        return known.advise(name, "web_form", why, Sureness.LIKELY)
    if sent.accepted:
        return known.advise(name, known.setting(name), "В этом виде лид принят.", Sureness.SHOWN)
    return None


def _referer(known: _Known) -> Advice | None:
    without, with_it, name = known.heard("origin_only"), known.heard("referer"), "CRM_REFERER"
    sent, in_force = known.heard("B"), known.setting("CRM_REFERER")
    if (with_it and with_it.distrusted) or (with_it is None and sent and sent.distrusted):
        why = (
            "CRM не доверяет и адресу из `Referer`: в «Адресе лендинга» нет нашего домена, или он записан иначе. "
            "Владелец добавляет домен или сообщает точную запись."
        )
        return Advice(name, "адрес, записанный в лендинге", why, Sureness.ASK, changes=True)
    if without is None or with_it is None or not with_it.accepted:
        return None
    if without.distrusted:
        why = "Только с `Origin` CRM отказывает, с `Referer` принимает: она проверяет `Referer`. Мы шлём оба заголовка."
        return known.advise(name, in_force, why, Sureness.SHOWN)
    if without.accepted:
        why = "CRM принимает и без `Referer`. Мы шлём оба заголовка, менять нечего."
        return known.advise(name, in_force, why, Sureness.SHOWN)
    return None


def _deduplication(known: _Known) -> Advice | None:
    name, again, twice = "CRM_DEDUPLICATION", known.heard("E"), known.heard("same_id")
    refused = again and (
        again.outcome == "already_there"
        or again.http_status == 409  # noqa: PLR2004 — conflict
        or (again.outcome == "unknown" and "UsrEventId" in again.answer)
    )
    if refused:
        why = "Повтор с тем же `UsrEventId` CRM отклоняет: поле уникально, второй лид невозможен."
        return known.advise(name, "event_id", why, Sureness.SHOWN)
    by_event = known.setting(name) != "lead_id"  # otherwise E has repeated our Id, and says nothing about UsrEventId
    if again and again.accepted and by_event and known.seen("E") == 1 and known.seen("B") == 1:
        why = "Повтор с тем же `UsrEventId` принят, и лид остался один: CRM не создаёт второго."
        return known.advise(name, "event_id", why, Sureness.SHOWN)
    if known.wire_format == "web_form" and twice and twice.accepted:
        count = known.seen("same_id")
        if count == 1:
            why = "Повтор с тем же `Id` обновил лид, второго нет: неизвестный исход можно повторять без риска."
            return known.advise(name, "lead_id", why, Sureness.SHOWN)
        if count is None:
            why = "Оба запроса с одним `Id` приняты. Если в CRM один лид, повторы безопасны: посмотрите и повторите."
            return known.advise(name, "lead_id", why, Sureness.LIKELY)
    doubles = known.seen("E") or 0
    if again and again.accepted and doubles > 1:
        why = f"Повтор создал второй лид (в CRM {leads(doubles)}): CRM не отличает его от нового звонка."
        return known.advise(name, "none", why, Sureness.SHOWN)
    return None


def _unique_event_id(known: _Known) -> Advice | None:
    """A CRM that makes a second lead of a repeat, and knows no other guard against it."""
    doubles, guard = known.seen("E") or 0, _deduplication(known)
    if doubles <= 1 or guard is None or guard.value != "none":
        return None
    why = (
        f"Повтор с тем же `UsrEventId` создал второй лид (в CRM {leads(doubles)}). Пока поле не уникально, звонок, "
        "на который CRM не ответила, ждёт человека: сами мы его не повторяем."
    )
    return Advice("Поле `UsrEventId` в CRM", "сделать уникальным", why, Sureness.ASK, changes=True)


def _required_contact(known: _Known) -> Advice | None:
    name, full, email = "CRM_REQUIRE_CONTACT", known.heard("B"), known.heard("C")
    nothing = known.heard("C2") or known.heard("without_contact")
    if full is None or not full.accepted or nothing is None:
        return None  # while nothing is taken, a refusal says nothing about contacts
    if nothing.accepted:
        return known.advise(name, "none", "CRM принимает лид и совсем без контакта.", Sureness.SHOWN)
    if not nothing.refused or nothing.http_status is None:
        return None
    if email is not None and email.accepted:
        why = "Без контакта CRM отказывает, с одним e-mail принимает."
        return known.advise(name, "any", why, Sureness.SHOWN)
    if email is not None and email.refused and email.http_status is not None:
        return known.advise(name, "phone", "Без телефона CRM отказывает, даже если есть e-mail.", Sureness.SHOWN)
    return None


def _contact_rows(known: _Known) -> Advice | None:
    sections = [row for row in known.rows if row.get("section") == CONTACT_SECTION]
    if known.wire_format != "web_form" or not sections:
        return None
    names = ", ".join(f"`{row['name']}`" for row in sections)
    later = known.heard("contact_fields")
    shown = later is not None and later.accepted
    why = (
        f"Поля {names} стоят в отдельном разделе контакта. Тогда ответ 0 означает лишь приём запроса: лид создаётся "
        "позже, и об ошибке никто не узнает. Имя, телефон и e-mail переносятся в поля самого лида "
        "(`Name`, `MobilePhone`, `Email`), как в карте `stock`."
    )
    return Advice(
        "CRM_FIELD_MAP", "контакт в `fields`", why, Sureness.SHOWN if shown else Sureness.LIKELY, changes=True
    )


def _columns(known: _Known) -> Advice | None:
    result = known.results.get("B")
    if result is None or not result.seen.empty:
        return None
    names = ", ".join(f"`{name}`" for name in result.seen.empty)
    why = "Эти поля ушли в запросе, а на карточке лида их значений нет: таких столбцов нет, или у них другой тип."
    return Advice("Столбцы лида в CRM", f"создать: {names}", why, Sureness.ASK, changes=True)


def _score_column(known: _Known) -> Advice | None:
    asked = known.heard("bad_integer")
    if asked is None or not asked.accepted or asked.outcome == "accepted_unconfirmed":
        return None
    why = (
        "Слово вместо числа принято без замечаний: столбца нет, или он текстовый. Числовой столбец удобнее для отчётов."
    )
    return Advice("Столбец `UsrQualityScore`", "создать как «Целое число»", why, Sureness.ASK, changes=True)


def _body_size(known: _Known) -> Advice | None:
    asked, name = known.heard("large_comment"), "CRM_MAX_BODY_BYTES"
    in_force = known.setting(name)
    if asked is None or not in_force.isdigit():
        return None
    if asked.http_status == 413:  # noqa: PLR2004 — too large
        value = in_force if int(in_force) < STOCK_LIMIT_BYTES else "60000"
        return known.advise(name, value, "Запрос в 70 КБ отклонён (413): предел штатного сервера.", Sureness.SHOWN)
    if asked.accepted:
        return known.advise(name, in_force, "Сервер принимает и 70 КБ: наш предел с запасом.", Sureness.SHOWN)
    return None


def _timeout(known: _Known) -> Advice | None:
    times = [heard.duration_ms for result in known.results.values() for heard in result.heard if heard.duration_ms]
    try:
        limit = float(known.setting("CRM_TIMEOUT_SECONDS"))
    except ValueError:
        return None
    if not times:
        return None
    slowest = max(times)
    sentence = f"Самый долгий ответ CRM: {slowest} мс."
    if slowest > SLOW_SHARE * limit * 1000:
        why = f"{sentence} Это близко к нашему пределу, за которым исход неизвестен."
        return known.advise("CRM_TIMEOUT_SECONDS", "50", why, Sureness.SHOWN)
    return known.advise("CRM_TIMEOUT_SECONDS", f"{limit:g}", sentence, Sureness.SHOWN)


def _sending(known: _Known) -> Advice | None:
    if known.setting("EXTERNAL_CRM_DRY_RUN") != "true" or known.heard("B") is not None:
        return None
    why = "Сценарий A пройден в пробном режиме. Для B–E и проб среда должна отправлять по-настоящему."
    return known.advise("EXTERNAL_CRM_DRY_RUN", "false", why, Sureness.SHOWN)


_RULES: tuple[Callable[[_Known], Advice | None], ...] = (
    _sending,
    _reach,
    _wire_format,
    _referer,
    _deduplication,
    _unique_event_id,
    _required_contact,
    _contact_rows,
    _columns,
    _score_column,
    _body_size,
    _timeout,
)
