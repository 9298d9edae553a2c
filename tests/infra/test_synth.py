"""`make synth`: the templates, and what each checker found, on a machine that knows no account."""

import os
import subprocess
import sys

import pytest

import infra.checks
from infra.resources.dependency_layer import ROOT
from tests.infra.templates import ON_AWS
from tools.local.make_templates import OUTPUT, main

LINES = (
    "postcall-{env}: 6 stacks, ",
    "Templates: cdk.out/{env}.templates",
    "cdk-nag AwsSolutions: 0 findings (",
    "CloudFormation's validator: 0 findings",
    "cfn-lint: 0 findings",
)


@pytest.mark.long
@pytest.mark.parametrize("env", ON_AWS)
def test_it_tells_the_resources_and_that_nothing_was_found(env: str) -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"AWS_PROFILE": "there-is-none", "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    done = subprocess.run(  # noqa: S603 — our own words
        [sys.executable, "-m", "tools.local.make_templates", env, "--templates-only"],
        cwd=ROOT,
        env=known | nowhere,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for line in LINES:
        assert line.format(env=env) in done.stdout
    assert (OUTPUT / f"{env}.templates" / f"postcall-{env}-pipeline.template.json").is_file()
    assert not (OUTPUT / f"{env}.templates" / "manifest.json").exists()  # nobody can deploy it by mistake


@pytest.fixture
def same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tool changes its process's environment; a test's process is shared."""
    monkeypatch.setattr("tools.local.make_templates._prepare", lambda: None)


@pytest.mark.usefixtures("same_process")
def test_a_finding_is_told_and_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    found = {infra.checks.NAG: ["AwsSolutions-SQS3: no dead letters (Queue)"], infra.checks.VALIDATOR: []}
    monkeypatch.setattr(infra.checks, "findings", lambda _folder: found)
    monkeypatch.setattr("tools.local.make_templates._synthesised", lambda *_arguments, **_options: OUTPUT / "nothing")

    assert main(["uat"]) == 1
    report = capsys.readouterr()
    assert "cdk-nag AwsSolutions: 1 findings" in report.out
    assert "AwsSolutions-SQS3: no dead letters (Queue)" in report.err


@pytest.mark.usefixtures("same_process")
def test_an_unknown_environment_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["production"]) == 1
    assert capsys.readouterr().err == (
        "Cannot synthesise: There is no environment 'production': choose one of local, prod, uat.\n"
    )
