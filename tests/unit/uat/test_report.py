"""The report: the same facts in Markdown and HTML, nothing of a foreign text read as markup, the letters filled in."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.unit.uat.builders import EXCHANGE, SETTINGS, environment, heard, report, result
from tools.local.paths import ROOT
from tools.postcall.errors import WrongUsage
from tools.postcall.uat import letters, record
from tools.postcall.uat.advised import Advice, Sureness
from tools.postcall.uat.plan import PROBES, SCENARIOS
from tools.postcall.uat.report import Report, markdown, page
from tools.postcall.uat.result import RULES_ALONE, Verdict
from tools.postcall.uat.wording import is_blank

DONE = report(
    result("A", sentence="Записано."),
    result("B", heard(), seen=1, exchanges=(EXCHANGE,), lead_made=True),
    result("E", heard(), seen=2, verdict=Verdict.FAILED, event_id="uat-run-b", lead_made=True),
    result("referer", heard(), lead_made=True, lead_id="6f2c1c0e-3a55-5d0b-9a37-0d3c1c7a9b11"),
)


class _Page(HTMLParser):
    """The page's tags, ids and links, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.outside: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            if name in {"href", "src"} and value:
                (self.links if value.startswith("#") else self.outside).append(value)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_both_forms_tell_every_scenario_and_probe() -> None:
    shown, plain = _Page(page(DONE)), markdown(DONE)
    for part in (*SCENARIOS, *PROBES):
        title = part.title_line
        assert title in plain
        assert title.replace("`", "") in shown.text


def test_the_page_needs_nothing_beside_it_and_its_contents_lead_somewhere() -> None:
    shown = _Page(page(DONE))
    assert shown.outside == []
    assert {unquote(link).removeprefix("#") for link in shown.links} <= shown.ids
    assert "link" not in shown.tags


def test_what_came_from_outside_stays_text() -> None:
    text = page(DONE)
    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert _Page(text).tags.count("script") == 1, "the page's own"


def test_a_foreign_sentence_cannot_pass_for_our_markup() -> None:
    sentence = environment(why="no `credentials` **here**", reachable=False)
    assert "credentialsʼ" in markdown(replace(DONE, environment=sentence))


def test_the_leads_to_delete_are_named_once_each() -> None:
    assert [made.event_id for made in DONE.test_leads] == ["uat-run-b", "uat-run-referer"]
    assert "uat-run-b\nuat-run-referer" in markdown(DONE)


def test_the_address_and_the_domain_to_allow_are_told() -> None:
    text = markdown(DONE)
    assert "203.0.113.7" in text
    assert "https://mir.utlik.pro" in text
    bare = markdown(replace(DONE, environment=environment(static_ips=())))
    assert "StaticIps стека postcall-uat-address" in bare


def test_the_summary_is_one_sentence() -> None:
    assert DONE.summary == "не пройдены сценарии E."
    dry = report(result("A"))
    assert dry.summary == "провалов нет; не подтверждены или не выполнялись сценарии B, C, C2, D, E, F."
    assert report(*(result(part.key) for part in SCENARIOS)).summary == "все сценарии пройдены."
    noted = {"C": Verdict.NOTED}
    most = report(*(result(part.key, verdict=noted.get(part.key, Verdict.PASSED)) for part in SCENARIOS))
    assert most.summary == "провалов нет; с замечаниями сценарии C."


def test_the_letters_come_first_and_the_next_to_be_sent_before_the_others() -> None:
    before, after = markdown(report(result("A"))), markdown(DONE)
    for text in (before, after):
        assert text.index("## Письма владельцу CRM") < text.index("## Итог")
    assert before.index("### Письмо о согласовании") < before.index("### Письмо с итогами")
    assert after.index("### Письмо с итогами") < after.index("### Письмо о согласовании")


def outcome_letter(sentence: Report) -> str:
    text = markdown(sentence)
    return text[text.index("### Письмо с итогами") :].split("```")[1]


def test_a_second_lead_on_repeat_asks_the_owner_for_a_unique_event_id() -> None:
    assert "Поле UsrEventId в CRM: сделать уникальным" in outcome_letter(DONE).split("Что меняем мы")[0]
    one = report(result("B", heard(), seen=1), result("E", heard(), seen=1))
    assert "сделать уникальным" not in outcome_letter(one)


def test_what_was_not_tried_is_said_in_the_report_and_in_the_letter() -> None:
    sentence = report(
        result("B", heard(), verdict=Verdict.UNCONFIRMED, analyst=RULES_ALONE),
        result("C", verdict=Verdict.NOT_RUN, sentence="Среда ничего не отправляет."),
    )
    section = markdown(sentence).split("## Чего не проверяли")[1].split("## ")[0]
    for text in (section, outcome_letter(sentence)):
        assert "C. Нет телефона, есть e-mail: Среда ничего не отправляет." in text
        assert "B. Настоящая отправка: CRM ответила, но на её экране этого никто не проверял." in text
        assert "Поля анализа: Языковая модель не участвовала" in text


def test_whether_a_model_took_part_is_said() -> None:
    assert "Языковая модель в испытаниях не участвовала" in markdown(report(result("A", analyst=RULES_ALONE)))
    judged = markdown(report(result("A", analyst="gpt-x"), result("B", heard(), analyst="gpt-x")))
    assert "Звонки разбирала языковая модель: `gpt-x`." in judged
    assert "не участвовала" not in judged


def test_refusals_count_as_recorded_only_where_the_crm_has_refused() -> None:
    def criterion(sentence: Report) -> Verdict:
        return list(sentence.criteria)[1][1]

    assert criterion(report(result("B", heard(), seen=1))) is Verdict.NOT_RUN
    ours = heard("rejected_data", None, detail="no contact")
    assert criterion(report(result("C2", ours))) is Verdict.NOT_RUN, "our own refusal is none of the CRM's"
    refused = heard("rejected_configuration", detail="no such landing", answer="resultCode: -1")
    assert criterion(report(result("F", refused, heard()))) is Verdict.PASSED
    assert criterion(report(result("F", replace(refused, answer="")))) is Verdict.FAILED


def test_times_are_those_of_minsk() -> None:
    text = markdown(report(result("B", at="2026-11-24T21:30:00+00:00")))
    assert "25.11.2026, 00:30:00 по Минску" in text
    assert "24.11.2026, 15:00:00 по Минску" in text


def test_there_is_a_place_for_the_card_a_decision_and_a_signature() -> None:
    text = page(DONE)
    assert '<p class="picture">' in text
    assert '<p class="remarks">' in text
    for decision in ("Принято", "Принято с замечаниями", "Не принято"):
        assert f'data-column="Решение">{decision}</td>' in text
    assert "Подпись</th>" in text


def test_fields_without_a_value_are_named() -> None:
    assert "**Ушли без значения:** `UsrIntent`" in markdown(report(result("B", heard(), unfilled=("UsrIntent",))))


@pytest.mark.parametrize("value", ["", "  ", "undefined", "NULL", "Не определено", None])
def test_a_value_that_says_nothing_is_none(value: object) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", ["0", 0, False, "Купить", "Не лид"])
def test_a_value_that_says_something_is_one(value: object) -> None:
    assert not is_blank(value)


def test_what_stands_where_no_model_judged_counts_as_blank() -> None:
    unknown = tomllib.loads((ROOT / "functions/analysis/taxonomy.toml").read_text(encoding="utf-8"))["unknown"]
    assert is_blank(unknown["topic"])
    assert is_blank(unknown["intent"])


def test_a_part_that_was_not_run_says_why() -> None:
    text = markdown(report(result("B", verdict=Verdict.NOT_RUN, sentence="Среда ничего не отправляет.")))
    assert "**Почему не выполнялось:** Среда ничего не отправляет." in text


@pytest.mark.parametrize("wire_format", ["letter", "web_form"])
def test_every_letter_is_filled_in_with_this_environments_values(wire_format: str) -> None:
    sentence = environment(settings=SETTINGS | {"CRM_WIRE_FORMAT": wire_format})
    asked = [
        Advice("Столбцы лида в CRM", "создать: `UsrIntent`", "Значений нет.", Sureness.ASK, changes=True),
        Advice("CRM_WIRE_FORMAT", "web_form", "Тело виджета принято.", Sureness.SHOWN, changes=True),
        Advice("CRM_TIMEOUT_SECONDS", "30", "Хватает.", Sureness.SHOWN, changes=False),
    ]
    written = [
        letters.agreement(sentence),
        letters.invitation(sentence),
        letters.outcome(
            sentence, date="24.11.2026", summary="всё пройдено.", advised=asked, untried=[("C", "никто")], test_leads=3
        ),
    ]
    for letter in written:
        assert "{{" not in letter.text
        assert "`" not in letter.text
    assert "203.0.113.7" in written[0].text
    assert "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b" in written[1].text
    assert "создать: UsrIntent" in written[2].text
    assert "CRM_WIRE_FORMAT: web_form" in written[2].text.split("Что меняем мы")[1]
    assert "CRM_TIMEOUT_SECONDS" not in written[2].text
    assert "3 лида" in written[2].text


def test_the_letters_sample_has_the_body_that_is_sent() -> None:
    assert '"landingId"' in letters.agreement(environment()).text
    stock = environment(settings=SETTINGS | {"CRM_WIRE_FORMAT": "web_form", "CRM_DEDUPLICATION": "lead_id"})
    text = letters.agreement(stock).text
    assert '"formData"' in text
    assert '{"name": "Id"' in text
    assert "UsrSource: «LLM», до 50 символов" in text


def test_a_run_is_written_and_the_next_adds_to_it(tmp_path: Path) -> None:
    dry = report(result("A"), result("B", verdict=Verdict.NOT_RUN, sentence="dry"))
    paths = record.write(tmp_path / "out", dry)
    assert [path.name for path in paths] == ["report.html", "report.md", "results.json"]
    before = record.earlier(tmp_path / "out", env="uat")
    assert before == dry.results
    now = {
        "A": result("A", verdict=Verdict.NOT_RUN),
        "B": result("B", heard(), seen=1, exchanges=(EXCHANGE,), lead_made=True),
    }
    both = record.together(before, now)
    assert (both["A"].verdict, both["B"].verdict) == (Verdict.PASSED, Verdict.PASSED)
    record.write(tmp_path / "out", replace(dry, results=both))
    assert record.earlier(tmp_path / "out", env="uat") == both


def test_a_folder_of_another_environment_or_of_something_else_is_left_alone(tmp_path: Path) -> None:
    record.write(tmp_path, report(result("A")))
    with pytest.raises(WrongUsage, match="a record of uat"):
        record.earlier(tmp_path, env="local")
    (tmp_path / "results.json").write_text(json.dumps({"results": []}), encoding="utf-8")
    with pytest.raises(WrongUsage, match="no record"):
        record.earlier(tmp_path, env="uat")


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongUsage):
        record.write(tmp_path / "file" / "out", report())


def test_empty_columns_are_kept_through_the_record(tmp_path: Path) -> None:
    seen = result("B", heard(), seen=1, empty=("UsrIntent",))
    record.write(tmp_path, report(seen))
    assert record.earlier(tmp_path, env="uat")["B"].seen.empty == ("UsrIntent",)


def test_tables_in_markdown_survive_a_pipe() -> None:
    text = markdown(report(result("B", heard(), seen=1)))
    rows = [line for line in text.splitlines() if line.startswith("| `Commentary`")]
    assert rows
    assert all(len(re.split(r"(?<!\\)\|", row)) == 4 for row in rows)
