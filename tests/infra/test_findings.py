"""What a reviewer's tools find: cdk-nag's AWS Solutions pack and CloudFormation's own rules, both clean."""

from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sqs as sqs

from infra.app import add_environment, feature_flags
from infra.checks import CHECKERS, NAG, VALIDATOR, acknowledged, add_checks, findings
from tests.infra.conftest import NO_BUNDLING
from tests.infra.templates import GUARDED, Templates, environment


def checked_app(folder: Path) -> cdk.App:
    """An app whose synthesis raises on a finding of either tool."""
    app = cdk.App(context=feature_flags() | NO_BUNDLING, outdir=str(folder))
    add_checks(app)
    return app


@pytest.mark.parametrize("name", [GUARDED, pytest.param("prod", marks=pytest.mark.long)])
def test_production_is_clean_and_would_be_behind_a_firewall(tmp_path: Path, name: str) -> None:
    app = checked_app(tmp_path)  # UAT is in test_synth.py
    add_environment(app, environment(name))

    app.synth()

    assert findings(tmp_path) == {checker: [] for checker in CHECKERS}


def test_the_tools_do_look(tmp_path: Path) -> None:
    app = checked_app(tmp_path)
    sqs.CfnQueue(cdk.Stack(app, "Careless"), "Queue", visibility_timeout=50_000)

    with pytest.raises(RuntimeError, match="does not have a DLQ enabled"):
        app.synth()

    found = findings(tmp_path)
    assert [each.split(":")[0] for each in found[NAG]] == ["AwsSolutions-SQS3", "AwsSolutions-SQS4"]
    assert found[VALIDATOR] == ["F3034: VisibilityTimeout: 50000 is greater than the maximum of 43200 (Careless/Queue)"]


def test_every_acknowledged_finding_says_why(synthesised: Templates) -> None:
    reasons = acknowledged(synthesised.folder)

    assert reasons
    assert {finding: reason for finding, reason in reasons.items() if len(reason.split()) < 5} == {}
