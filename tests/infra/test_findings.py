"""What a reviewer's tools find: cdk-nag's AWS Solutions pack and CloudFormation's own rules, both clean."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sqs as sqs
from cdk_nag import AwsSolutionsChecks

from infra.app import add_environment, feature_flags
from tests.infra.conftest import NO_BUNDLING
from tests.infra.templates import EVERYWHERE, ON_AWS, Templates, environment


def checked_app(folder: Path) -> cdk.App:
    """An app whose synthesis raises on a finding of either tool."""
    app = cdk.App(context=feature_flags() | NO_BUNDLING, outdir=str(folder))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), cdk.CloudFormationValidatePlugin())
    return app


def findings(folder: Path) -> list[str]:
    """The rules that found something, as the report of the last synthesis tells."""
    report = json.loads((folder / "validation-report.json").read_text(encoding="utf-8"))
    return [rule["ruleName"] for plugin in report["pluginReports"] for rule in plugin["violations"]]


def test_uat_and_prod_are_clean(tmp_path: Path) -> None:
    app = checked_app(tmp_path)
    for name in ON_AWS:
        add_environment(app, environment(name))

    app.synth()

    assert findings(tmp_path) == []


def test_the_tools_do_look(tmp_path: Path) -> None:
    app = checked_app(tmp_path)
    sqs.CfnQueue(cdk.Stack(app, "Careless"), "Queue", visibility_timeout=50_000)

    with pytest.raises(RuntimeError, match="does not have a DLQ enabled"):
        app.synth()

    assert {"AwsSolutions-SQS3", "AwsSolutions-SQS4", "F3034"} <= set(findings(tmp_path))


@pytest.mark.parametrize("env", EVERYWHERE)
def test_every_acknowledged_finding_says_why(synthesised: Templates, env: str) -> None:
    reasons = dict(acknowledged(synthesised.folder, env))

    assert reasons
    assert all(len(reason.split()) >= 5 for reason in reasons.values()), reasons


def acknowledged(folder: Path, env: str) -> Iterator[tuple[str, str]]:
    """Finding and reason of each acknowledgment in an environment's stacks."""
    for path in folder.glob(f"postcall-{env}-*.metadata.json"):
        constructs: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
        for entry in (each for entries in constructs.values() for each in entries):
            if entry["type"] == "aws:cdk:acknowledged-rules":
                yield from entry["data"].items()
