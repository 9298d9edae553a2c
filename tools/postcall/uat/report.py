"""The report: from the results to a document in Russian, for the CRM's owner and for the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.dispatch.probe_requests import TEST_NAME
from tools.postcall.uat import letters
from tools.postcall.uat.advice import Advice, Sureness, advice
from tools.postcall.uat.document import (
    Block,
    Card,
    Code,
    Counts,
    Document,
    Facts,
    Heading,
    Table,
    Text,
    outside,
)
from tools.postcall.uat.environment import Environment
from tools.postcall.uat.plan import PROBES, SCENARIOS, Part
from tools.postcall.uat.result import Result, Verdict
from tools.postcall.uat.wording import counted, leads, outcome_words

SURENESS = {
    Sureness.SHOWN: "показано испытаниями",
    Sureness.LIKELY: "вероятно, подтвердить в CRM",
    Sureness.ASK: "за владельцем CRM",
}
AS_EXPECTED = "как ожидалось"  # a probe is a question, it cannot be passed
Results = Mapping[str, Result]


@dataclass(frozen=True)
class Report:
    """All that a report is made of. `run` names the run, `made_at` is local time."""

    environment: Environment
    results: Results
    run: str
    made_at: datetime
    version: str

    @property
    def advised(self) -> list[Advice]:
        """What the findings imply."""
        return advice(self.environment.settings, self.environment.field_map, self.results)

    @property
    def test_leads(self) -> list[Result]:
        """Results of which the CRM may hold a lead, each event once."""
        made = {result.event_id: result for result in self.results.values() if result.lead_made and result.event_id}
        return list(made.values())


def document(report: Report) -> Document:
    """The whole report."""
    when = f"{report.made_at:%d.%m.%Y, %H:%M} (UTC{report.made_at:%z})"
    return Document(
        title=f"Приёмочные испытания: {report.environment.name}",
        lead=f"Передача итогов звонков в BPMsoft. Прогон `{report.run}`, {when}, Postcall {report.version}.",
        blocks=list(_blocks(report)),
    )


def _blocks(report: Report) -> Iterator[Block]:
    yield Heading("Итог", "summary")
    yield from _summary(report)
    yield Heading("Что следует из результатов", "advice")
    yield from _advice(report.advised)
    yield Heading("Сценарии A–E", "scenarios")
    yield from _cards(SCENARIOS, report.results)
    yield Heading("Пробы", "probes")
    yield Text(
        "Пробы спрашивают сам сервис CRM, минуя обработку звонка. Их отправляет среда со своего статического адреса; "
        "список запросов закрыт."
    )
    yield from _cards(PROBES, report.results)
    yield Heading("Настройки среды", "settings")
    yield _settings(report.environment)
    yield Heading("Для списка доступа CRM", "allowlist")
    yield from _allowlist(report.environment)
    yield Heading("Как найти записи в CRM", "find")
    yield from _find(report.environment)
    yield Heading("Тестовые записи к удалению", "cleanup")
    yield from _cleanup(report.test_leads)
    yield Heading("Письма владельцу CRM", "letters")
    yield from _letters(report)


def summary(report: Report) -> str:
    """One sentence."""
    done = [result for key, result in report.results.items() if key in _SCENARIO_KEYS]
    failed = [result.key for result in done if result.verdict is Verdict.FAILED]
    if failed:
        return f"не пройдены сценарии {', '.join(failed)}."
    open_ = [result.key for result in done if result.verdict in {Verdict.UNCONFIRMED, Verdict.NOT_RUN}]
    missing = [part.key for part in SCENARIOS if part.key not in report.results]
    if open_ or missing:
        return f"отказов нет; не подтверждены или не выполнялись сценарии {', '.join([*open_, *missing])}."
    return "все сценарии пройдены."


_SCENARIO_KEYS = {part.key for part in SCENARIOS}


def _summary(report: Report) -> Iterator[Block]:
    told = summary(report)
    yield Text(f"**{told[0].upper()}{told[1:]}**")
    counts = Counter(result.verdict for result in report.results.values())
    yield Counts([(verdict, counts[verdict]) for verdict in Verdict])
    yield Table(("Критерий приёмки", "Итог", "По чему видно"), [*_criteria(report.results)])
    changes = [each for each in report.advised if each.changes]
    if changes:
        names = ", ".join(each.setting if each.setting.startswith("Ст") else f"`{each.setting}`" for each in changes)
        yield Text(f"Из результатов следует изменить: {names}. Подробности ниже.")


def _criteria(results: Results) -> Iterator[tuple[str | Verdict, ...]]:
    yield "Записи видны в CRM, поля заполнены, повтор не даёт второго лида", _worst(results, "B", "D"), "B, D"
    yield (
        "Отказ CRM записан с её ответом, звонок не теряется",
        _recorded(results),
        "записанные попытки всех сценариев",
    )
    yield "Ручная повторная отправка работает и записывается", _worst(results, "E"), "E"


def _worst(results: Results, *keys: str) -> Verdict:
    found = [results[key].verdict if key in results else Verdict.NOT_RUN for key in keys]
    order = (Verdict.FAILED, Verdict.NOT_RUN, Verdict.UNCONFIRMED, Verdict.NOTED, Verdict.PASSED)
    return next(verdict for verdict in order if verdict in found)


def _recorded(results: Results) -> Verdict:
    """Every scenario that reached the CRM has its outcome on our record."""
    sent = [result for key, result in results.items() if key in _SCENARIO_KEYS and result.heard]
    if not sent:
        return Verdict.NOT_RUN
    return Verdict.PASSED if all(heard.outcome for result in sent for heard in result.heard) else Verdict.FAILED


def _cards(parts: Sequence[Part], results: Results) -> Iterator[Block]:
    for part in parts:
        result = results.get(part.key) or Result(part.key, Verdict.NOT_RUN, "В этом прогоне не запрашивалось.")
        if result.verdict is Verdict.NOT_RUN:
            rows = [("Что делается", part.done), ("Ожидается", part.expected), ("Почему не выполнялось", result.told)]
            yield Card(part.title_line, result.verdict, rows)
            continue
        label = AS_EXPECTED if part in PROBES and result.verdict is Verdict.PASSED else ""
        yield Card(part.title_line, result.verdict, [*_card_rows(part, result)], [*_exchanges(result)], label)


def _card_rows(part: Part, result: Result) -> Iterator[tuple[str, str]]:
    yield "Что сделано", part.done
    yield "Ожидалось", part.expected
    yield "Получено", result.told
    if result.event_id:
        yield "Номер звонка", f"`{result.event_id}`"
    if result.seen.count is not None:
        yield "В CRM", f"{leads(result.seen.count)} (смотрел: {result.seen.by})"
    if result.seen.empty:
        yield "Пустые поля", ", ".join(f"`{name}`" for name in result.seen.empty)
    if result.at:
        yield "Время", result.at


def _exchanges(result: Result) -> Iterator[tuple[str, Code, Code]]:
    for exchange in result.exchanges:
        yield exchange.title, Code("Отправлено", exchange.sent), Code("Получено", exchange.received)


def _advice(advised: Sequence[Advice]) -> Iterator[Block]:
    if not advised:
        yield Text("Выводов пока нет: CRM ещё ни о чём не спрашивали.")
        return
    columns = ("Настройка", "Значение", "Менять?", "Почему", "Насколько верно")
    rows = [
        (
            f"`{each.setting}`" if each.setting.isupper() else each.setting,
            f"`{outside(each.value)}`" if each.setting.isupper() and "`" not in each.value else each.value,
            "**да**" if each.changes else "нет",
            each.why,
            SURENESS[each.sureness],
        )
        for each in advised
    ]
    yield Table(columns, rows)


def _settings(environment: Environment) -> Block:
    rows = [(f"`{name}`", f"`{_value(value)}`") for name, value in environment.settings.items()]
    if not environment.reachable:
        rows.append(("Источник", f"файл среды в репозитории; сама среда не ответила: {outside(environment.why)}"))
    return Facts(rows)


def _value(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else outside(str(value))


def _allowlist(environment: Environment) -> Iterator[Block]:
    rows = [
        ("Домен (`Origin`, `Referer`)", f"`{environment.settings['CRM_TRUSTED_ORIGIN']}`"),
        ("IP-адреса", outside(letters.addresses(environment))),
        ("Куда обращаемся", f"`{environment.url}`"),
    ]
    yield Facts(rows)


def _find(environment: Environment) -> Iterator[Block]:
    landing = environment.settings["CRM_LANDING_ID"]
    yield Text(
        "Раздел «Лиды» (сервис создаёт запись того объекта, который указан в лендинге), фильтр по дате создания за "
        "сегодня. "
        f"Если в списке доступен столбец лендинга, отбор по нему: `{landing}`."
    )
    yield Text(
        f"Тестовые записи названы «{TEST_NAME}». Звонок ищется по `UsrEventId`, а если такого столбца нет, по концу "
        "комментария: `IDs: event=uat-…`. Там же «Тема», «Намерение», «Качество», «Итог», «Рекомендации»."
    )
    yield Text("Удобно завести в разделе динамическую папку с этим отбором: `Комментарий` содержит `IDs: event=`.")
    rows = [(f"`{row['name']}`", letters.field_line(row).split(": ", 1)[1]) for row in environment.field_map]
    yield Table(("Поле", "Что в нём"), rows)


def _cleanup(made: Sequence[Result]) -> Iterator[Block]:
    if not made:
        yield Text("CRM не получила ни одной тестовой записи.")
        return
    rows = [
        (f"`{result.event_id}`", f"`{result.lead_id}`" if result.lead_id else "–", _there(result)) for result in made
    ]
    yield Text(f"Записи могли появиться по этим номерам ({counted(len(made), 'номер', 'номера', 'номеров')}):")
    yield Table(("Номер звонка", "Id лида", "Что известно"), rows)
    yield Table(("Номера подряд",), [(" ".join(f"`{result.event_id}`" for result in made),)])


def _there(result: Result) -> str:
    if result.seen.count is not None:
        return f"в CRM {leads(result.seen.count)}"
    return outcome_words(result.heard[-1].outcome) if result.heard else "–"


def _letters(report: Report) -> Iterator[Block]:
    yield Text("Тексты готовы к отправке: значения этой среды подставлены.")
    yield letters.agreement(report.environment)
    yield letters.invitation(report.environment)
    yield letters.outcome(
        report.environment,
        date=f"{report.made_at:%d.%m.%Y}",
        summary=summary(report),
        advised=report.advised,
        test_leads=len(report.test_leads),
    )
