"""The acceptance test over the real handlers and the simulated CRM, in each of its profiles."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.integration.cli.conftest import CommandHarness
from tools.postcall.errors import Refused
from tools.postcall.uat import record
from tools.postcall.uat.advice import advice
from tools.postcall.uat.bench import Bench
from tools.postcall.uat.crm_inspector import Simulated
from tools.postcall.uat.environment import look_around
from tools.postcall.uat.plan import NO_LANDING, PROBES, REAL, REFUSAL
from tools.postcall.uat.probes import run_probe
from tools.postcall.uat.result import RULES_ALONE, Result, Verdict
from tools.postcall.uat.scenarios import resend_refused, run_scenario
from tools.simulators.crm.profiles import Landing

ORDER = ("A", *REAL)
UNIQUE = {"Поле `UsrEventId` в CRM": "сделать уникальным"}


def all_parts(harness: CommandHarness) -> tuple[dict[str, Result], dict[str, str]]:
    """Every scenario in its setting and every probe, seen through the simulator's window; and the changes implied."""
    context, _, _ = harness.context()
    bench = Bench(context, Simulated(harness.pipeline.crm.admin_url), "test")
    harness.pipeline.set(EXTERNAL_CRM_DRY_RUN="true")
    results = {"A": run_scenario("A", bench, harness.pipeline.crm.service_url)}
    harness.pipeline.set(EXTERNAL_CRM_DRY_RUN="false")
    results |= {key: run_scenario(key, bench, harness.pipeline.crm.service_url) for key in REAL}
    results |= {part.key: run_probe(part.key, bench, context.dispatch) for part in PROBES}
    environment = look_around("uat", context.dispatch)
    advised = advice(environment.settings, environment.field_map, results)
    return results, {each.setting: each.value for each in advised if each.changes}


def verdicts(results: dict[str, Result], *keys: str) -> list[Verdict]:
    return [results[key].verdict for key in keys]


def test_a_crm_as_in_the_letter_passes_but_for_what_no_model_judged(harness: CommandHarness) -> None:
    results, changes = all_parts(harness)
    assert verdicts(results, *ORDER) == [Verdict.NOTED if key == "B" else Verdict.PASSED for key in ORDER]
    assert {results[key].analyst for key in ORDER} == {RULES_ALONE}
    assert {"UsrQualificationTopic", "UsrIntent", "UsrQualityScore"} == set(results["B"].unfilled)
    assert results["letter_body"].verdict is Verdict.NOTED, "a stock server would not have understood it"
    assert results["E"].seen.count == 2
    assert changes == UNIQUE, "the second lead is asked about"


def test_a_refusal_happens_is_recorded_and_the_call_is_sent_afterwards(harness: CommandHarness) -> None:
    context, _, _ = harness.context()
    bench, url = Bench(context, Simulated(harness.pipeline.crm.admin_url), "test"), harness.pipeline.crm.service_url
    known = Landing().id
    harness.pipeline.set(EXTERNAL_CRM_DRY_RUN="false", CRM_LANDING_ID=NO_LANDING)
    refused = run_scenario(REFUSAL, bench, url)
    assert (refused.verdict, refused.heard[0].outcome) == (Verdict.PASSED, "rejected_configuration")
    assert refused.heard[0].answer
    assert harness.pipeline.crm.leads() == []
    harness.pipeline.set(CRM_LANDING_ID=known)
    sent = resend_refused(bench, url, refused)
    assert (sent.verdict, sent.heard[-1].outcome, sent.seen.count) == (Verdict.PASSED, "delivered", 1)


def test_a_run_that_leaves_dead_letters_says_so(harness: CommandHarness, tmp_path: Path) -> None:
    harness.pipeline.set(EXTERNAL_CRM_DRY_RUN="false", CRM_LANDING_ID=NO_LANDING)
    assert harness.run("uat", "--yes", "--only", REFUSAL, "--out", str(tmp_path)) == 0
    assert "1 dead letters came to dispatch" in " ".join(harness.report.split())
    assert harness.run("uat", "--yes", "--only", "A", "--out", str(tmp_path)) == 0
    assert "dead letters" not in harness.report


def test_where_the_crm_knows_the_landing_there_was_no_refusal(harness: CommandHarness, tmp_path: Path) -> None:
    harness.pipeline.set(EXTERNAL_CRM_DRY_RUN="false")
    assert harness.run("--json", "uat", "--yes", "--only", REFUSAL, "--out", str(tmp_path)) == 0
    assert harness.document["results"]["F"]["verdict"] == "unconfirmed"
    assert "отказа в этом прогоне не было" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_a_stock_server_fails_the_letter_and_implies_the_widgets_body(harness: CommandHarness) -> None:
    harness.pipeline.crm.configure(profile="stock")
    results, changes = all_parts(harness)
    assert verdicts(results, "A", "B", "C", "D", "E") == [
        Verdict.PASSED,
        Verdict.FAILED,
        Verdict.FAILED,
        Verdict.PASSED,
        Verdict.PASSED,
    ]
    assert (changes["CRM_WIRE_FORMAT"], changes["CRM_DEDUPLICATION"]) == ("web_form", "lead_id")
    assert "CRM_FIELD_MAP" in changes


def test_the_widgets_body_on_a_stock_server_shows_which_columns_are_missing(harness: CommandHarness) -> None:
    harness.pipeline.crm.configure(profile="stock")
    harness.pipeline.set(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock", CRM_DEDUPLICATION="lead_id")
    results, changes = all_parts(harness)
    assert results["B"].verdict is Verdict.FAILED
    assert "UsrEventId" in (results["B"].seen.empty or ())
    assert "`UsrEventId`" in changes["Столбцы лида в CRM"]
    assert results["E"].seen.count == 1, "our own Id keeps the lead one"


def test_after_the_columns_were_added_everything_passes(harness: CommandHarness) -> None:
    harness.pipeline.crm.configure(profile="after-columns-added")
    harness.pipeline.set(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock", CRM_DEDUPLICATION="lead_id")
    results, changes = all_parts(harness)
    passed = {key for key, result in results.items() if result.verdict is Verdict.PASSED}
    assert set(results) - passed == {"B"}
    assert "модель не участвовала" in results["B"].sentence
    assert changes == {}


def test_a_unique_event_id_is_found_out(harness: CommandHarness) -> None:
    harness.pipeline.crm.configure(profile="after-columns-added-unique")
    harness.pipeline.set(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock")
    results, changes = all_parts(harness)
    assert results["E"].verdict is Verdict.PASSED
    assert changes == {"CRM_DEDUPLICATION": "event_id"}


def test_an_address_the_crm_does_not_trust_is_a_question_to_its_owner(harness: CommandHarness) -> None:
    harness.pipeline.crm.configure(profile="after-columns-added")
    harness.pipeline.set(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock", CRM_TRUSTED_ORIGIN="https://other.example")
    harness.pipeline.set(CRM_BREAKER_FAILURES="20")  # nobody brings a waiting message back here
    results, changes = all_parts(harness)
    assert results["B"].verdict is Verdict.FAILED
    assert changes["CRM_REFERER"] == "адрес, записанный в лендинге"
    assert "CRM_REQUIRE_CONTACT" not in changes


def test_two_runs_into_one_folder_make_one_report(harness: CommandHarness, tmp_path: Path) -> None:
    harness.pipeline.set(EXTERNAL_CRM_DRY_RUN="true")
    assert harness.run("uat", "--yes", "--out", str(tmp_path)) == 0
    first = record.earlier(tmp_path, env="uat")
    assert (first["A"].verdict, first["reach"].verdict) == (Verdict.PASSED, Verdict.PASSED)
    assert {first[key].verdict for key in (*REAL, "letter_body")} == {Verdict.NOT_RUN}
    assert harness.pipeline.crm.leads() == []
    harness.pipeline.set(EXTERNAL_CRM_DRY_RUN="false")
    assert harness.run("uat", "--yes", "--out", str(tmp_path)) == 0
    both = record.earlier(tmp_path, env="uat")
    assert (both["A"].verdict, both["B"].verdict) == (Verdict.PASSED, Verdict.UNCONFIRMED)
    assert "203.0.113.7" in (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "<!doctype html>" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_person_at_the_terminal_confirms_what_only_the_crm_can_show(
    harness: CommandHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {"B": "1\n-\n", "C": "1\n", "C2": "\n", "D": "1\n", "E": "2\n"}
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(counts[key] for key in REAL)))
    assert harness.run("uat", "--only", ",".join(REAL), "--out", str(tmp_path)) == 0
    found = record.earlier(tmp_path, env="uat")
    assert (found["B"].verdict, found["B"].seen.empty) == (Verdict.NOTED, ())
    assert found["C2"].verdict is Verdict.UNCONFIRMED
    assert found["E"].seen.count == 2
    assert "смотрел: оператор" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_only_what_is_asked_for_is_run(harness: CommandHarness, tmp_path: Path) -> None:
    assert harness.run("--json", "uat", "--only", "B,D", "--out", str(tmp_path)) == 0
    assert set(harness.document["results"]) == {"B", "D"}
    assert harness.run("--json", "uat", "--only", "E", "--out", str(tmp_path / "other")) == 0
    assert harness.document["results"]["E"]["verdict"] == "not_run"


def test_without_the_dispatch_function_a_first_call_tells_what_the_environment_does(
    harness: CommandHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> None:
        raise Refused("There are no AWS credentials.")

    monkeypatch.setattr("tests.integration.cli.conftest.InProcessDispatch.settings", refused, raising=False)
    assert harness.run("--json", "uat", "--out", str(tmp_path)) == 0
    results = harness.document["results"]
    assert (results["A"]["verdict"], results["B"]["verdict"]) == ("not_run", "unconfirmed")
    assert results["A"]["lead_made"], "the first call's lead is among those to delete"
    assert results["referer"]["verdict"] == "not_run"
    assert "AWS credentials" in results["referer"]["sentence"]
