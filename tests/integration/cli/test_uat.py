"""The acceptance test over the real handlers and the simulated CRM, in each of its profiles."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Desk
from tools.cli.errors import Refused
from tools.uat import record
from tools.uat.advice import advice
from tools.uat.bench import Bench
from tools.uat.environment import look_around
from tools.uat.eyes import Simulator
from tools.uat.plan import PROBES, REAL
from tools.uat.probes import run_probe
from tools.uat.result import Result, Verdict
from tools.uat.scenarios import run_scenario

ORDER = ("A", *REAL)


def all_parts(desk: Desk) -> tuple[dict[str, Result], dict[str, str]]:
    """Every scenario in its setting and every probe, seen through the simulator's window; and the changes implied."""
    context, _, _ = desk.context()
    bench = Bench(context, Simulator(desk.way.crm.admin_url), "test")
    desk.way.set(EXTERNAL_CRM_DRY_RUN="true")
    results = {"A": run_scenario("A", bench, desk.way.crm.service_url)}
    desk.way.set(EXTERNAL_CRM_DRY_RUN="false")
    results |= {key: run_scenario(key, bench, desk.way.crm.service_url) for key in REAL}
    results |= {part.key: run_probe(part.key, bench, context.dispatch) for part in PROBES}
    environment = look_around("uat", context.dispatch)
    advised = advice(environment.settings, environment.field_map, results)
    return results, {each.setting: each.value for each in advised if each.changes}


def verdicts(results: dict[str, Result], *keys: str) -> list[Verdict]:
    return [results[key].verdict for key in keys]


def test_a_crm_as_in_the_letter_passes_and_implies_no_change(desk: Desk) -> None:
    results, changes = all_parts(desk)
    assert set(verdicts(results, *ORDER)) == {Verdict.PASSED}
    assert results["letter_body"].verdict is Verdict.NOTED, "a stock server would not have understood it"
    assert results["E"].seen.count == 2
    assert changes == {}


def test_a_stock_server_fails_the_letter_and_implies_the_widgets_body(desk: Desk) -> None:
    desk.way.crm.configure(profile="stock")
    results, changes = all_parts(desk)
    assert verdicts(results, "A", "B", "C", "D", "E") == [
        Verdict.PASSED,
        Verdict.FAILED,
        Verdict.FAILED,
        Verdict.PASSED,
        Verdict.PASSED,
    ]
    assert (changes["CRM_WIRE_FORMAT"], changes["CRM_DEDUPLICATION"]) == ("web_form", "lead_id")
    assert "CRM_FIELD_MAP" in changes


def test_the_widgets_body_on_a_stock_server_shows_which_columns_are_missing(desk: Desk) -> None:
    desk.way.crm.configure(profile="stock")
    desk.way.set(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock", CRM_DEDUPLICATION="lead_id")
    results, changes = all_parts(desk)
    assert results["B"].verdict is Verdict.FAILED
    assert "UsrEventId" in (results["B"].seen.empty or ())
    assert "`UsrEventId`" in changes["Столбцы лида в CRM"]
    assert results["E"].seen.count == 1, "our own Id keeps the lead one"


def test_after_the_columns_were_added_everything_passes(desk: Desk) -> None:
    desk.way.crm.configure(profile="after-columns-added")
    desk.way.set(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock", CRM_DEDUPLICATION="lead_id")
    results, changes = all_parts(desk)
    assert set(verdicts(results, *ORDER, *(part.key for part in PROBES))) == {Verdict.PASSED}
    assert changes == {}


def test_a_unique_event_id_is_found_out(desk: Desk) -> None:
    desk.way.crm.configure(profile="after-columns-added-unique")
    desk.way.set(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock")
    results, changes = all_parts(desk)
    assert results["E"].verdict is Verdict.PASSED
    assert changes == {"CRM_DEDUPLICATION": "event_id"}


def test_an_address_the_crm_does_not_trust_is_a_question_to_its_owner(desk: Desk) -> None:
    desk.way.crm.configure(profile="after-columns-added")
    desk.way.set(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock", CRM_TRUSTED_ORIGIN="https://other.example")
    desk.way.set(CRM_BREAKER_FAILURES="20")  # nobody brings a waiting message back here
    results, changes = all_parts(desk)
    assert results["B"].verdict is Verdict.FAILED
    assert changes["CRM_REFERER"] == "адрес, записанный в лендинге"
    assert "CRM_REQUIRE_CONTACT" not in changes


def test_two_runs_into_one_folder_make_one_report(desk: Desk, tmp_path: Path) -> None:
    desk.way.set(EXTERNAL_CRM_DRY_RUN="true")
    assert desk.run("uat", "--yes", "--out", str(tmp_path)) == 0
    first = record.earlier(tmp_path, env="uat")
    assert (first["A"].verdict, first["reach"].verdict) == (Verdict.PASSED, Verdict.PASSED)
    assert {first[key].verdict for key in (*REAL, "letter_body")} == {Verdict.NOT_RUN}
    assert desk.way.crm.leads() == []
    desk.way.set(EXTERNAL_CRM_DRY_RUN="false")
    assert desk.run("uat", "--yes", "--out", str(tmp_path)) == 0
    both = record.earlier(tmp_path, env="uat")
    assert (both["A"].verdict, both["B"].verdict) == (Verdict.PASSED, Verdict.UNCONFIRMED)
    assert "203.0.113.7" in (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "<!doctype html>" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_person_at_the_terminal_confirms_what_only_the_crm_can_show(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {"B": "1\n-\n", "C": "1\n", "C2": "\n", "D": "1\n", "E": "2\n"}
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(counts[key] for key in REAL)))
    assert desk.run("uat", "--only", ",".join(REAL), "--out", str(tmp_path)) == 0
    found = record.earlier(tmp_path, env="uat")
    assert (found["B"].verdict, found["B"].seen.empty) == (Verdict.PASSED, ())
    assert found["C2"].verdict is Verdict.UNCONFIRMED
    assert found["E"].seen.count == 2
    assert "смотрел: оператор" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_only_what_is_asked_for_is_run(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("--json", "uat", "--only", "B,D", "--out", str(tmp_path)) == 0
    assert set(desk.document["results"]) == {"B", "D"}
    assert desk.run("--json", "uat", "--only", "E", "--out", str(tmp_path / "other")) == 0
    assert desk.document["results"]["E"]["verdict"] == "not_run"


def test_without_the_dispatch_function_a_first_call_tells_what_the_environment_does(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> None:
        raise Refused("There are no AWS credentials.")

    monkeypatch.setattr("tests.integration.cli.conftest.InProcessDispatch.settings", refused, raising=False)
    assert desk.run("--json", "uat", "--out", str(tmp_path)) == 0
    results = desk.document["results"]
    assert (results["A"]["verdict"], results["B"]["verdict"]) == ("not_run", "unconfirmed")
    assert results["A"]["lead_made"], "the first call's lead is among those to delete"
    assert results["referer"]["verdict"] == "not_run"
    assert "AWS credentials" in results["referer"]["told"]
