"""The report: the same facts in Markdown and HTML, nothing of a foreign text read as markup, the letters filled in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.uat.builders import EXCHANGE, SETTINGS, environment, heard, report, result
from tools.postcall.errors import WrongUsage
from tools.postcall.uat import letters, record
from tools.postcall.uat.advice import Advice, Sureness
from tools.postcall.uat.html import page
from tools.postcall.uat.markdown import markdown
from tools.postcall.uat.plan import PROBES, SCENARIOS
from tools.postcall.uat.report import document, summary
from tools.postcall.uat.result import Verdict

DONE = report(
    result("A", told="Записано."),
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
    shown, plain = _Page(page(document(DONE))), markdown(document(DONE))
    for part in (*SCENARIOS, *PROBES):
        title = part.title_line
        assert title in plain
        assert title.replace("`", "") in shown.text


def test_the_page_needs_nothing_beside_it_and_its_contents_lead_somewhere() -> None:
    shown = _Page(page(document(DONE)))
    assert shown.outside == []
    assert {link.removeprefix("#") for link in shown.links} <= shown.ids
    assert "link" not in shown.tags


def test_what_came_from_outside_stays_text() -> None:
    text = page(document(DONE))
    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert _Page(text).tags.count("script") == 1, "the page's own"


def test_a_foreign_sentence_cannot_pass_for_our_markup() -> None:
    told = environment(why="no `credentials` **here**", reachable=False)
    assert "credentialsʼ" in markdown(document(replace(DONE, environment=told)))


def test_the_leads_to_delete_are_named_once_each() -> None:
    assert [made.event_id for made in DONE.test_leads] == ["uat-run-b", "uat-run-referer"]
    assert "`uat-run-b` `uat-run-referer`" in markdown(document(DONE))


def test_the_address_and_the_domain_to_allow_are_told() -> None:
    text = markdown(document(DONE))
    assert "203.0.113.7" in text
    assert "https://mir.utlik.pro" in text
    bare = markdown(document(replace(DONE, environment=environment(static_ips=()))))
    assert "StaticIps стека postcall-uat-address" in bare


def test_the_summary_is_one_sentence() -> None:
    assert summary(DONE) == "не пройдены сценарии E."
    assert summary(report(result("A"))) == "отказов нет; не подтверждены или не выполнялись сценарии B, C, C2, D, E."
    assert summary(report(*(result(part.key) for part in SCENARIOS))) == "все сценарии пройдены."


def test_a_part_that_was_not_run_says_why() -> None:
    text = markdown(document(report(result("B", verdict=Verdict.NOT_RUN, told="Среда ничего не отправляет."))))
    assert "Почему не выполнялось: Среда ничего не отправляет." in text


@pytest.mark.parametrize("wire_format", ["letter", "web_form"])
def test_every_letter_is_filled_in_with_this_environments_values(wire_format: str) -> None:
    told = environment(settings=SETTINGS | {"CRM_WIRE_FORMAT": wire_format})
    asked = [
        Advice("Столбцы лида в CRM", "создать: `UsrIntent`", "Значений нет.", Sureness.ASK, changes=True),
        Advice("CRM_WIRE_FORMAT", "web_form", "Тело виджета принято.", Sureness.SHOWN, changes=True),
        Advice("CRM_TIMEOUT_SECONDS", "30", "Хватает.", Sureness.SHOWN, changes=False),
    ]
    written = [
        letters.agreement(told),
        letters.invitation(told),
        letters.outcome(told, date="24.11.2026", summary="всё пройдено.", advised=asked, test_leads=3),
    ]
    for letter in written:
        assert "$" not in letter.text
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
    dry = report(result("A"), result("B", verdict=Verdict.NOT_RUN, told="dry"))
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
    text = markdown(document(report(result("B", heard(), seen=1))))
    rows = [line for line in text.splitlines() if line.startswith("| `Commentary`")]
    assert rows
    assert all(len(re.split(r"(?<!\\)\|", row)) == 4 for row in rows)
