"""The look for known faults: one that could look at nothing is no clean one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.local.paths import ROOT
from tools.verify.advisories import FAULTS, LISTS, NOTHING_LOOKED_AT, NPM, locked_by_npm, main

CLEAN = {"name": "httpx", "version": "1.0", "vulns": []}
FAULTY = {"name": "jinja2", "version": "3.0", "vulns": [{"id": "CVE-1", "fix_versions": ["3.1"]}]}
UNKNOWN = {"name": "boto3", "skip_reason": "Dependency not found and could not be audited: boto3 (1.0)"}
NPM_CLEAN: dict[str, Any] = {"vulnerabilities": {}}
NPM_FAULTY = {
    "vulnerabilities": {
        "axe-core": {"via": [{"title": "It does what it should not", "url": "https://example.com/GHSA-1"}]},
        "beside": {"via": ["axe-core"]},
    }
}
NPM_REFUSED = {"message": "405 Method Not Allowed", "statusCode": 405}


def looked(
    capsys: pytest.CaptureFixture[str], default: list[Any], npm: dict[str, Any] = NPM_CLEAN, **lists: list[Any]
) -> tuple[int, list[str]]:
    """The exit code and what is said, when the indexes answer so."""
    python = {name: {"dependencies": lists.get(name, default), "fixes": []} for name in LISTS}
    status = main(lambda name: json.dumps((python | {NPM: npm})[name]))
    return status, capsys.readouterr().out.splitlines()


def test_every_lock_of_the_project_is_looked_at() -> None:
    locks = [path for path in ROOT.glob("requirements/*.txt") if "--hash=" in path.read_text(encoding="utf-8")]

    assert {path.stem for path in locks} == {*LISTS}
    assert {"layer", "checkov", "guard", "model"} <= {*LISTS}
    assert {"aws-cdk", "typescript"} <= {*locked_by_npm()}


def test_what_was_looked_at_and_has_no_known_fault_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = looked(capsys, [CLEAN, UNKNOWN])
    assert status == 0
    assert said[:-1] == [f"{n}: 1 of 2 packages looked at, known faults: 0; not looked at: boto3" for n in LISTS]
    count = len(locked_by_npm())
    assert said[-1] == f"npm: {count} of {count} packages looked at, known faults: 0"


def test_a_known_fault_fails_and_says_what_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = looked(capsys, [CLEAN], layer=[FAULTY])
    assert status == FAULTS
    assert "  jinja2 3.0: CVE-1, mended in 3.1" in said


@pytest.mark.parametrize("nothing", [[UNKNOWN, UNKNOWN], []], ids=["an index without advisories", "an empty list"])
def test_a_list_of_which_nothing_could_be_looked_at_fails(
    capsys: pytest.CaptureFixture[str], nothing: list[Any]
) -> None:
    status, said = looked(capsys, [CLEAN], dev=nothing)
    assert status == NOTHING_LOOKED_AT
    assert any(line.startswith("dev: NOTHING LOOKED AT") for line in said)
    assert said[-1].startswith("Not checked: dev.")


def test_a_fault_is_told_though_another_list_could_not_be_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert looked(capsys, [UNKNOWN], layer=[FAULTY])[0] == FAULTS


def test_a_known_fault_of_an_npm_package_fails(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = looked(capsys, [CLEAN], npm=NPM_FAULTY)
    assert status == FAULTS
    assert said[-1] == "  axe-core: It does what it should not (https://example.com/GHSA-1)"


def test_a_registry_that_answers_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = looked(capsys, [CLEAN], npm=NPM_REFUSED)
    assert status == NOTHING_LOOKED_AT
    assert "npm: NOTHING LOOKED AT" in said[-2]
    assert "405 Method Not Allowed" in said[-2]
    assert said[-1].startswith("Not checked: npm.")
