"""What cannot work is refused at every door, before AWS is asked: one sentence that names the field.

A door is a `make` target; what it starts is read from make itself, and run here in one process.
"""

import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from infra.environments import FOLDER, load
from infra.resources.dependency_layer import ROOT

NAME: Final = "uat"
TOUCHING: Final = ("diff", "deploy", "wake", "sleep", "teardown", "preflight", "deploy-ci")
DOORS: Final = ("synth", *TOUCHING)
PYTHON: Final = re.compile(r"\.venv/bin/python -m ([\w.]+)(.*?)(?:\"|;|$)", re.MULTILINE)
Refuse = Callable[[str, str], tuple[int, str]]

WRONG: Final[dict[str, tuple[dict[str, str], str]]] = {
    "a zone twice": (
        {"availability_zones": '["eu-central-1a", "eu-central-1a"]'},
        "availability_zones must not name a zone twice",
    ),
    "a zone of another region": (
        {"availability_zones": '["eu-central-1a", "eu-west-1a"]'},
        "availability_zones must all lie in eu-central-1, such as eu-central-1a",
    ),
    "a network too small": (
        {"cidr": '"10.42.0.0/24"'},
        "network.cidr has 256 addresses; its subnets need 640",
    ),
    "days that CloudWatch does not know": ({"log_days": "15"}, "runtime.log_days: CloudWatch keeps logs for "),
    "a file of certificates that holds none": (
        {"[crm]": 'ca_bundle = "no-certificate.pem"'},
        "CRM_CA_BUNDLE: the file '",
    ),
    "a file of certificates that is not there": (
        {"[crm]": 'ca_bundle = "nowhere.pem"'},
        "CRM_CA_BUNDLE: there is no file '",
    ),
    "an account that is none": ({"account": '"12345"'}, "account: String should match pattern"),
    "what the function would refuse": (
        {"[reconciliation]": "max_sweeps = 200"},
        "RECONCILIATION_MAX_SWEEPS",
    ),
}
FILLED_IN: Final = {"account": '"123456789012"', "repository": '"owner@1/name@2"', "emails": '["alarms@example.com"]'}
MISSING: Final[dict[str, tuple[dict[str, str], str]]] = {
    "a placeholder account": ({"account": '"111111111111"'}, "account is still the placeholder 111111111111"),
    "a placeholder repository": (
        {"repository": '"example-owner/postcall"'},
        "github.repository is still the placeholder",
    ),
    "nobody who hears an alarm": ({"emails": "[]"}, "monitoring.emails is empty and there is no monitoring.topic_arn"),
}


def written(folder: Path, values: dict[str, str]) -> None:
    """UAT's file with these values for its fields, or a line more in a section, and what is a placeholder filled in."""
    text = (FOLDER / f"{NAME}.toml").read_text(encoding="utf-8")
    if re.search(r"^emails = ", text, re.MULTILINE) is None:
        text = text.replace("[monitoring]\n", "[monitoring]\nemails = []\n")
    for field, value in (FILLED_IN | values).items():
        if field.startswith("["):
            text = text.replace(f"{field}\n", f"{field}\n{value}\n") if field in text else f"{text}\n{field}\n{value}\n"
            continue
        text, found = re.subn(rf"^{field} = .*$", f"{field} = {value}", text, flags=re.MULTILINE)
        assert found, field
    tomllib.loads(text)
    (folder / f"{NAME}.toml").write_text(text, encoding="utf-8")


def started_by(door: str) -> list[tuple[str, list[str]]]:
    """The Python modules that a door starts, with their arguments, in order; what lets `FROM` pass is not asked for."""
    asked = subprocess.run(  # noqa: S603 — the project's own targets
        ["make", "--no-print-directory", "-n", door, f"ENV={NAME}", f"SURE=postcall-{NAME}"],  # noqa: S607 — the system's
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line for line in asked.splitlines() if not line.startswith('if [ -n ""')]
    return [(module, more.split()) for module, more in PYTHON.findall("\n".join(lines))]


@pytest.fixture(scope="module", params=DOORS)
def door(request: pytest.FixtureRequest) -> list[tuple[str, list[str]]]:
    return started_by(request.param)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that environments are read from; no AWS, no command, and nothing changed in this process."""
    (tmp_path / "no-certificate.pem").write_text("not a certificate", encoding="utf-8")
    monkeypatch.setattr(load, "__defaults__", (tmp_path,))
    monkeypatch.setattr("infra.environments.environment.FOLDER", tmp_path)
    monkeypatch.setattr("tools.local.make_templates._prepare", lambda: None)
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("a command was run"))
    monkeypatch.setattr("boto3.session.Session.client", lambda *_, **__: pytest.fail("AWS was asked"))
    monkeypatch.setenv("POSTCALL_ENVIRONMENT", NAME)
    return tmp_path


def run(module: str, arguments: list[str]) -> int:
    """What `python -m` answers with: its exit code, 1 where it ends with a sentence."""
    loaded: Any = importlib.import_module(module if module != "infra.deployment" else "infra.deployment.__main__")
    if module != "infra.ci_app":
        return int(loaded.main(arguments))
    try:
        loaded.main()
    except loaded.BadConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_setting_is_one_sentence_that_names_its_field(
    settings: Path, door: list[tuple[str, list[str]]], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    values, sentence = WRONG[wrong]
    written(settings, values)

    assert run(*door[0]) == 1
    report = capsys.readouterr()
    (line,) = (report.out + report.err).splitlines()
    assert sentence in line
    assert f"{NAME}.toml: " in line


@pytest.mark.parametrize("door", TOUCHING, indirect=True)
@pytest.mark.parametrize("missing", MISSING)
def test_a_placeholder_is_refused_by_whatever_touches_the_account(
    settings: Path, door: list[tuple[str, list[str]]], missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    values, sentence = MISSING[missing]
    written(settings, values)
    touching = next(each for each in door if each[0].startswith("infra."))  # what synthesises says it and goes on

    assert run(*touching) == 1
    report = capsys.readouterr()
    (line,) = (report.out + report.err).splitlines()
    assert sentence in line


@pytest.mark.parametrize("missing", MISSING)
def test_a_synthesis_says_it_loudly_and_goes_on(
    settings: Path, missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    values, sentence = MISSING[missing]
    written(settings, values)
    monkeypatch.setattr("tools.local.make_templates._synthesised", lambda *_, **__: settings)
    monkeypatch.setattr("tools.local.make_templates._tell_resources", lambda *_: None)
    monkeypatch.setattr("tools.local.make_templates._tell_findings", lambda _folder: 0)

    assert run("tools.local.make_templates", [NAME]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("NOT READY to be deployed: ")
    assert sentence in line
