"""The report: from the results to a document in Russian, for the CRM's owner and for the file.

The judgement stands here, the words in `templates/report.md`; the page is made of the Markdown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from functions.dispatch.probe_requests import TEST_NAME
from tools.postcall.pages import anchor_of, html_page, outside, templates
from tools.postcall.uat import letters
from tools.postcall.uat.advice import advice
from tools.postcall.uat.advised import Advice, Sureness
from tools.postcall.uat.environment import Environment
from tools.postcall.uat.plan import PROBES, REAL, SCENARIOS, Part
from tools.postcall.uat.result import RULES_ALONE, Result, Verdict
from tools.postcall.uat.wording import LABELS, MARKS, columns, counted, leads, minsk, outcome_words

SURENESS = {
    Sureness.SHOWN: "показано испытаниями",
    Sureness.LIKELY: "вероятно, подтвердить в CRM",
    Sureness.ASK: "за владельцем CRM",
}
AS_EXPECTED = "как ожидалось"  # a probe is a question, it cannot be passed
NOT_ASKED = "В этом прогоне не запрашивалось."
NOBODY_LOOKED = "CRM ответила, но на её экране этого никто не проверял."
WITHOUT_MODEL = "Языковая модель не участвовала: тему, намерение и оценку никто не ставил."
ANALYSTS = {RULES_ALONE: "одни правила, без языковой модели"}
MARK_CLASSES = {mark: verdict.value for verdict, mark in MARKS.items()} | {"📷": "picture", "✎": "remarks"}
SCENARIO_KEYS = {part.key for part in SCENARIOS}
Results = Mapping[str, Result]


@dataclass(frozen=True)
class Report:
    """All that a report is made of. `run` names the run."""

    environment: Environment
    results: Results
    run: str
    made_at: datetime
    version: str

    def result(self, part: Part) -> Result:
        """A part's result; of one that was not asked for, that it was not."""
        return self.results.get(part.key) or Result(part.key, Verdict.NOT_RUN, NOT_ASKED)

    def verdict_words(self, part: Part) -> str:
        """How a part's verdict is called."""
        verdict = self.result(part).verdict
        return AS_EXPECTED if part in PROBES and verdict is Verdict.PASSED else LABELS[verdict]

    @property
    def advised(self) -> list[Advice]:
        """What the findings imply."""
        return advice(self.environment.settings, self.environment.field_map, self.results)

    @property
    def changes(self) -> list[str]:
        """The names of what has to change."""
        return [each.name for each in self.advised if each.changes]

    @property
    def test_leads(self) -> list[Result]:
        """Results of which the CRM may hold a lead, each event once."""
        made = {result.event_id: result for result in self.results.values() if result.lead_made and result.event_id}
        return list(made.values())

    @property
    def counts(self) -> list[tuple[Verdict, int]]:
        """How many parts ended how."""
        found = Counter(self.result(part).verdict for part in (*SCENARIOS, *PROBES))
        return [(verdict, found[verdict]) for verdict in Verdict if found[verdict]]

    @property
    def analyst_sentence(self) -> str:
        """Whether a language model took part."""
        found = {result.analyst for result in self.results.values() if result.analyst}
        models = sorted(found - {RULES_ALONE})
        if models:
            return f"Звонки разбирала языковая модель: {', '.join(f'`{outside(model)}`' for model in models)}."
        return "Языковая модель в испытаниях не участвовала: звонки разбирали одни правила." if found else ""

    @property
    def summary(self) -> str:
        """One sentence."""
        verdicts = {part.key: self.result(part).verdict for part in SCENARIOS}
        failed = [key for key, verdict in verdicts.items() if verdict is Verdict.FAILED]
        if failed:
            return f"не пройдены сценарии {', '.join(failed)}."
        open_ = [key for key, verdict in verdicts.items() if verdict in {Verdict.UNCONFIRMED, Verdict.NOT_RUN}]
        if open_:
            return f"провалов нет; не подтверждены или не выполнялись сценарии {', '.join(open_)}."
        noted = [key for key, verdict in verdicts.items() if verdict is Verdict.NOTED]
        return f"провалов нет; с замечаниями сценарии {', '.join(noted)}." if noted else "все сценарии пройдены."

    @property
    def criteria(self) -> Iterator[tuple[str, Verdict, str]]:
        """Each criterion of the plan, its verdict, and what it is seen by."""
        yield "Записи видны в CRM, поля заполнены, повтор не даёт второго лида", _worst(self.results, "B", "D"), "B, D"
        refused = self._refusals
        yield (
            "Отказ CRM записан с её ответом, звонок не теряется",
            _recorded(self.results, refused),
            ", ".join(refused) or "отказа в этом прогоне не было",
        )
        yield "Ручная повторная отправка работает и записывается", _worst(self.results, "E"), "E"

    @property
    def untried(self) -> list[tuple[str, str]]:
        """What this report does not show, and why."""
        titles: dict[str, list[str]] = defaultdict(list)
        for part in (*SCENARIOS, *PROBES):
            result = self.result(part)
            if result.verdict is Verdict.NOT_RUN:
                titles[result.sentence].append(part.title_line)
            elif result.verdict is Verdict.UNCONFIRMED:
                titles[NOBODY_LOOKED].append(part.title_line)
        found = [("; ".join(parts), why) for why, parts in titles.items()]
        analysts = {result.analyst for result in self.results.values()} - {""}
        return [*found, ("Поля анализа", WITHOUT_MODEL)] if analysts == {RULES_ALONE} else found

    @property
    def _refusals(self) -> list[str]:
        """The scenarios in which the CRM itself has refused a lead."""
        return [
            key
            for key, result in self.results.items()
            if key in SCENARIO_KEYS and any(heard.refused and heard.http_status for heard in result.heard)
        ]


def markdown(report: Report) -> str:
    """The whole report."""
    return _TEMPLATES.get_template("report.md").render(
        report=report,
        letters=_letters(report),
        scenarios=SCENARIOS,
        probes=PROBES,
        addresses=outside(letters.addresses(report.environment)),
        there=_there,
        setting_value=_setting_value,
        exchanges_of=_exchanges_of,
        field_words=letters.field_words,
        test_name=TEST_NAME,
        **_WORDS,
    )


def page(report: Report) -> str:
    """The same as one HTML page, for a mail and for paper."""
    return html_page(markdown(report), language="ru", marks=MARK_CLASSES)


_TEMPLATES = templates(Path(__file__).parent / "templates")
_WORDS = {
    "labels": LABELS,
    "marks": MARKS,
    "sureness": SURENESS,
    "analysts": ANALYSTS,
    "leads": leads,
    "counted": counted,
    "columns": columns,
    "minsk": minsk,
    "anchor_of": anchor_of,
}


def _letters(report: Report) -> list[letters.Letter]:
    """The next to be sent first: the questions before the test, the findings after it."""
    before = [letters.agreement(report.environment), letters.invitation(report.environment)]
    after = letters.outcome(
        report.environment,
        date=f"{minsk(report.made_at):.10}",
        summary=report.summary,
        advised=report.advised,
        untried=report.untried,
        test_leads=len(report.test_leads),
    )
    sent = any(key in report.results and report.results[key].heard for key in REAL)
    return [after, *before] if sent else [*before, after]


def _worst(results: Results, *keys: str) -> Verdict:
    found = [results[key].verdict if key in results else Verdict.NOT_RUN for key in keys]
    order = (Verdict.FAILED, Verdict.NOT_RUN, Verdict.UNCONFIRMED, Verdict.NOTED, Verdict.PASSED)
    return next(verdict for verdict in order if verdict in found)


def _recorded(results: Results, refused: list[str]) -> Verdict:
    """Every refusal has the CRM's words on our record; without a refusal nothing is shown."""
    heard = [each for key in refused for each in results[key].heard if each.refused]
    if not heard:
        return Verdict.NOT_RUN
    return Verdict.PASSED if all(each.answer and each.detail for each in heard) else Verdict.FAILED


def _exchanges_of(part: Part) -> str:
    """The appendix's heading for a part; a word before the title keeps the two anchors apart."""
    return f"Обмен: {part.title_line}"


def _setting_value(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{outside(str(value))}`"


def _there(result: Result) -> str:
    if result.seen.count is not None:
        return f"в CRM {leads(result.seen.count)}"
    return outcome_words(result.heard[-1].outcome) if result.heard else "–"
