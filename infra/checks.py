"""The two checkers that run inside a synthesis: cdk-nag's AWS Solutions pack and CloudFormation's own rules.

Either makes the synthesis raise when it finds something that is not acknowledged with a reason; what they found, and
what was acknowledged, is then in the assembly's `validation-report.json`.
"""

import json
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

NAG: Final = "AwsSolutions"
VALIDATOR: Final = "CloudFormation Validate"
CHECKERS: Final = (NAG, VALIDATOR)


def add_checks(app: cdk.App) -> None:
    """Both checkers, also where the environment has switched the validator off for speed."""
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), cdk.CloudFormationValidatePlugin())


def findings(folder: Path) -> dict[str, list[str]]:
    """What each checker found in the last synthesis to this folder: rule, sentence and construct."""
    path = folder / "validation-report.json"
    report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"pluginReports": []}
    found: dict[str, list[str]] = {checker: [] for checker in CHECKERS}
    for plugin in report["pluginReports"]:
        found.setdefault(plugin["pluginName"], []).extend(_sentence(each) for each in plugin["violations"])
    return found


def acknowledged(folder: Path) -> dict[str, str]:
    """The reasons written beside what is lived with, by construct and rule."""
    found: dict[str, str] = {}
    for path in folder.glob("*.metadata.json"):
        for construct, entries in json.loads(path.read_text(encoding="utf-8")).items():
            for entry in (each for each in entries if each["type"] == "aws:cdk:acknowledged-rules"):
                found |= {f"{construct} {rule}": reason for rule, reason in entry["data"].items()}
    return found


def _sentence(violation: dict[str, Any]) -> str:
    places = ", ".join(each["constructPath"] for each in violation["violatingConstructs"])
    return f"{violation['ruleName']}: {violation['description']} ({places})"
