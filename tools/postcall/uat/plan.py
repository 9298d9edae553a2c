"""The plan: every scenario and probe with what is done and what is expected, in the words of the report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One line of the plan. `done` is what the kit does, `expected` what should come of it."""

    key: str
    title: str
    done: str
    expected: str

    @property
    def title_line(self) -> str:
        """The title as a card bears it; a probe's begins with its letter already."""
        return f"{self.key}. {self.title}" if self.key.isupper() else self.title


SCENARIOS = (
    Part(
        "A",
        "Пробный прогон без отправки (dry-run)",
        "Звонок с расшифровкой и контактами подан через `POST /api/analyze` при `EXTERNAL_CRM_DRY_RUN=true`.",
        "Звонок сохранён и проанализирован, готовый запрос записан со статусом `dry_run`, в CRM ничего не ушло.",
    ),
    Part(
        "B",
        "Настоящая отправка",
        "Такой же звонок при `EXTERNAL_CRM_DRY_RUN=false`.",
        "CRM отвечает 200 или 201 и сообщает об успехе, у попытки статус `success`, в CRM один лид с заполненными "
        "полями.",
    ),
    Part(
        "C",
        "Нет телефона, есть e-mail",
        "Звонок, в котором из контактов известны имя и e-mail.",
        "CRM принимает лид. Если нет, проверка контакта включается на нашей стороне (`CRM_REQUIRE_CONTACT`).",
    ),
    Part(
        "C2",
        "Нет ни телефона, ни e-mail",
        "Звонок без единого контакта: дополнение к C, вопрос 5 письма.",
        "Становится известно, принимает ли CRM лид только с аналитикой.",
    ),
    Part(
        "D",
        "Повтор того же `event_id`",
        "Звонок из B подан ещё раз: тем же телом, затем с изменённым.",
        "Оба раза ответ «дубликат», новой попытки отправки нет, лид в CRM по-прежнему один.",
    ),
    Part(
        "E",
        "Принудительная повторная отправка",
        "`POST /api/events/{id}/resend-crm` для звонка из B: сначала без `force`, затем с `force=true`.",
        "Без `force` доставленный лид не отправляется снова (409). С `force` появляется вторая записанная попытка; "
        "по ответу CRM видно, обновляет она лид, отказывает или создаёт второй.",
    ),
    Part(
        "F",
        "Отказ CRM",
        "Звонок подан, пока в настройке стоит номер лендинга, которого в CRM нет (`CRM_LANDING_ID`).",
        "CRM отказывает; отказ записан вместе с её ответом, звонок ждёт у нас и после исправления настройки уходит.",
    ),
)

PROBES = (
    Part(
        "reach",
        "CRM видна с нашего адреса",
        "`OPTIONS` на адрес сервиса со статического IP среды, без данных.",
        "Любой ответ сервера.",
    ),
    Part(
        "letter_body",
        "(a) Тело запроса из письма",
        "`landingId`, `fields`, `contactFields`, с `Origin` и `Referer`.",
        "Штатный сервер: HTTP 200 с пустым результатом, лид не создаётся.",
    ),
    Part(
        "origin_only",
        "(b) Тело виджета, только `Origin`",
        "`formData` без заголовка `Referer`.",
        "Штатный сервер: −1, адрес не разрешён.",
    ),
    Part("referer", "(c) Тело виджета, `Origin` и `Referer`", "`formData` с обоими заголовками.", "Код 0, лид создан."),
    Part(
        "same_id",
        "(d) Один и тот же `Id` дважды",
        "Один запрос с заданным нами `Id` лида отправлен два раза.",
        "Оба раза код 0, лид в CRM один: повтор обновляет его.",
    ),
    Part(
        "bad_integer",
        "(e) Не число в числовом поле",
        "`UsrQualityScore` = «четыре».",
        "Штатный сервер: −1, а лид всё же создан, без этого значения.",
    ),
    Part(
        "contact_fields",
        "(f) Контакт в отдельном разделе",
        "`formData` с непустым `contactFieldsData`.",
        "Код 0 сразу, лид появляется позже: ответ говорит только о приёме запроса.",
    ),
    Part(
        "without_contact",
        "(g) Без имени, телефона и e-mail",
        "`formData` только с комментарием и `UsrEventId`.",
        "Штатный сервер принимает; настроенные обязательные поля дают 400 или −1.",
    ),
    Part(
        "large_comment",
        "(h) Комментарий в 70 КБ",
        "`formData` больше 65 536 байт.",
        "413 при пределе штатного сервера, код 0 при большем.",
    ),
    Part("not_json", "(i) Другой `Content-Type`", "Тот же запрос как `text/plain`.", "HTTP 400, лид не создаётся."),
)

BY_KEY = {part.key: part for part in (*SCENARIOS, *PROBES)}
REAL = ("B", "C", "C2", "D", "E")  # the scenarios that need an environment which really sends
REFUSAL = "F"  # the one that needs a landing which the CRM does not know
NO_LANDING = "00000000-0000-4000-8000-000000000000"
PARTS = frozenset({"A", *REAL, REFUSAL, "probes"})


def parse_parts(text: str) -> frozenset[str]:
    """Some parts of the plan by their names, with commas between them.

    Raises:
        ValueError: One of them is none of the plan's.
    """
    chosen = frozenset(part.strip() for part in text.split(",") if part.strip())
    unknown = chosen - PARTS
    if unknown:
        raise ValueError(f"'{min(unknown)}' is none of {', '.join(sorted(PARTS))}")
    return chosen
