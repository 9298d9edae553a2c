"""`postcall uat` and `postcall doctor` as an operator runs them, against the local stack in both wire formats."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Stack
from tools.local.as_command import in_folder

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("stack")]
SCENARIOS = ("A", "B", "C", "C2", "D", "E", "F")


def postcall(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    return in_folder(["-m", "tools.postcall", "--json", *arguments], stack.directory)


def verdicts(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return {key: result["verdict"] for key, result in json.loads(done.stdout)["results"].items()}


def in_force(stack: Stack) -> dict[str, str]:
    found: dict[str, str] = stack.client("lambda").get_function_configuration(FunctionName="postcall-local-dispatch")[
        "Environment"
    ]["Variables"]
    return found


@pytest.mark.long
def test_the_acceptance_test_in_both_wire_formats_and_the_stack_as_it_was_before(stack: Stack, tmp_path: Path) -> None:
    before = in_force(stack)
    letter = postcall(stack, "uat", "--yes", "--out", str(tmp_path / "letter"))
    assert letter.returncode == 0, letter.stderr
    passed = dict.fromkeys(SCENARIOS, "passed") | {"B": "noted"}  # no model took part: what it fills in is empty
    assert {key: verdicts(letter)[key] for key in SCENARIOS} == passed

    settings = ("CRM_WIRE_FORMAT=web_form", "CRM_FIELD_MAP=stock", "CRM_DEDUPLICATION=lead_id")
    chosen = [part for setting in settings for part in ("--set", setting)]
    profile = ("--crm-profile", "after-columns-added")
    web_form = postcall(stack, "uat", "--yes", *profile, *chosen, "--out", str(tmp_path / "web_form"))
    assert web_form.returncode == 0, web_form.stderr
    assert {key for key, verdict in verdicts(web_form).items() if verdict != "passed"} == {"B"}

    assert in_force(stack) == before
    for folder in ("letter", "web_form"):
        assert {path.name for path in (tmp_path / folder).iterdir()} == {"report.html", "report.md", "results.json"}


def test_a_refused_lead_shows_in_doctor_and_in_the_exit_code(stack: Stack, tmp_path: Path) -> None:
    done = postcall(stack, "uat", "--yes", "--only", "B", "--crm-profile", "stock", "--out", str(tmp_path))
    assert done.returncode == 1
    assert verdicts(done) == {"B": "failed"}
    advice = {each["setting"]: each["value"] for each in json.loads(done.stdout)["advice"] if each["changes"]}
    assert advice["CRM_WIRE_FORMAT"] == "web_form"
    examined = postcall(stack, "doctor")
    checks = {check["name"]: check["state"] for check in json.loads(examined.stdout)["checks"]}
    assert (checks["CRM"], checks["rejected leads"], checks["dispatch queue"]) == ("well", "watch", "wrong")
    assert examined.returncode == 1


def test_a_setting_that_is_none_is_refused_before_anything_is_asked(stack: Stack, tmp_path: Path) -> None:
    done = postcall(stack, "uat", "--yes", "--set", "CRM_WIRE_FORMAT=xml", "--out", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "CRM_WIRE_FORMAT" in json.loads(done.stderr.splitlines()[-1])["error"]
    assert not (tmp_path / "none").exists()
