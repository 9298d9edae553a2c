"""`python -m infra.app` as the CDK command line and the local launcher start it: no credentials, no network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.app import feature_flags
from infra.resources.dependency_layer import ROOT
from tests.infra.conftest import NO_BUNDLING
from tests.infra.templates import Templates


def synthesise(folder: Path, chosen: str) -> "subprocess.CompletedProcess[str]":
    """Run the app with an environment that knows no account."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    context = json.dumps(feature_flags() | NO_BUNDLING | {"env": chosen})
    report = {"CDK_OUTDIR": str(folder), "CDK_CONTEXT_JSON": context, "AWS_EC2_METADATA_DISABLED": "true"}
    command = [sys.executable, "-m", "infra.app"]
    return subprocess.run(command, env=known | report, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 — our own app


def test_one_environment_is_six_stacks_in_the_order_they_are_deployed_in(synthesised: Templates) -> None:
    are_six_stacks_in_order(synthesised.folder)


@pytest.mark.long
def test_an_environment_is_synthesised_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = synthesise(tmp_path, "uat")
    assert done.returncode == 0, done.stderr

    are_six_stacks_in_order(tmp_path)


def are_six_stacks_in_order(folder: Path) -> None:
    artifacts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    stacks = {
        name: set(each.get("dependencies", []))
        for name, each in artifacts.items()
        if "stack" in each["type"] and name.startswith("postcall-uat-")
    }

    order = ("address", "api", "network", "data", "pipeline", "monitoring")
    assert list(stacks) == [f"postcall-uat-{each}" for each in order]
    assert "postcall-uat-address" in stacks["postcall-uat-network"]
    assert {"postcall-uat-api", "postcall-uat-network", "postcall-uat-data"} <= stacks["postcall-uat-pipeline"]
    assert {"postcall-uat-api", "postcall-uat-data"} <= stacks["postcall-uat-monitoring"]


def test_an_unknown_environment_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = synthesise(tmp_path, "production")

    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Cannot synthesise: There is no environment 'production': choose one of local, prod, uat."
    )


def test_the_cdks_command_line_sends_no_telemetry() -> None:
    """Its `versionReporting` stops something else; this key of the context alone does (findings/)."""
    assert feature_flags()["cli-telemetry"] is False
