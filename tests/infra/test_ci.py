"""GitHub may compare on a pull request and deploy after an approval, by tokens of an hour, and nothing more."""

import json
import tomllib
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks

from infra.app import feature_flags
from infra.ci_app import add_ci
from infra.environments import FOLDER, BadConfigurationError, parse
from tests.infra.templates import ON_AWS, environment

SUBJECT = "token.actions.githubusercontent.com:sub"
AUDIENCE = "token.actions.githubusercontent.com:aud"


def ci_template(folder: Path, env: str, *, checked: bool = False, **github: str) -> dict[str, Any]:
    """The template of an environment's stack; `checked` raises for a finding of cdk-nag or CloudFormation's rules."""
    values = tomllib.loads((FOLDER / f"{env}.toml").read_text(encoding="utf-8"))
    values["github"] |= github
    app = cdk.App(context=feature_flags(), outdir=str(folder))
    if checked:
        cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), cdk.CloudFormationValidatePlugin())
    stack = add_ci(app, parse(values))
    app.synth()
    template: dict[str, Any] = json.loads((folder / f"{stack.stack_name}.template.json").read_text(encoding="utf-8"))
    return template


def roles(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [each["Properties"] for each in template["Resources"].values() if each["Type"] == "AWS::IAM::Role"]
    return {each["RoleName"]: each for each in found}


def trusted(role: dict[str, Any]) -> dict[str, Any]:
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert list(statement["Condition"]) == ["StringEquals"]
    conditions: dict[str, Any] = statement["Condition"]["StringEquals"]
    return conditions


def taken(role: dict[str, Any]) -> set[str]:
    """The bootstrap's roles it may take, by their word."""
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRole"
    resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
    return {str(each).split("cdk-hnb659fds-")[1].split("-role-")[0] for each in resources}


@pytest.mark.parametrize("env", ON_AWS)
def test_each_role_trusts_one_subject_and_takes_only_what_its_task_needs(tmp_path: Path, env: str) -> None:
    found = roles(ci_template(tmp_path, env))
    repository = environment(env).github.repository  # type: ignore[union-attr]  # set on AWS
    diff, deploy = found[f"postcall-{env}-github-diff"], found[f"postcall-{env}-github-deploy"]

    assert len(found) == 2
    assert trusted(diff) == {AUDIENCE: "sts.amazonaws.com", SUBJECT: f"repo:{repository}:pull_request"}
    assert trusted(deploy) == {AUDIENCE: "sts.amazonaws.com", SUBJECT: f"repo:{repository}:environment:{env}"}
    assert taken(diff) == {"lookup"}
    assert taken(deploy) == {"deploy", "file-publishing", "lookup"}
    assert {role["MaxSessionDuration"] for role in found.values()} == {3600}


@pytest.mark.parametrize("checked", [False, pytest.param(True, marks=pytest.mark.long)])
def test_there_is_no_user_and_no_key_and_nothing_for_the_rules_to_find(tmp_path: Path, *, checked: bool) -> None:
    kinds = {each["Type"] for each in ci_template(tmp_path, "prod", checked=checked)["Resources"].values()}

    assert kinds == {"AWS::IAM::OIDCProvider", "AWS::IAM::Role"}


def test_a_provider_that_the_account_has_already_is_used(tmp_path: Path) -> None:
    template = ci_template(tmp_path, "uat", provider="existing")

    assert {each["Type"] for each in template["Resources"].values()} == {"AWS::IAM::Role"}
    assert ":oidc-provider/token.actions.githubusercontent.com" in json.dumps(template)


@pytest.mark.parametrize("repository", ["owner/name", "owner@12/name@34"])
def test_a_repository_is_named_in_either_of_githubs_forms(tmp_path: Path, repository: str) -> None:
    (deploy,) = [
        role for name, role in roles(ci_template(tmp_path, "uat", repository=repository)).items() if "deploy" in name
    ]

    assert trusted(deploy)[SUBJECT] == f"repo:{repository}:environment:uat"


@pytest.mark.parametrize("repository", ["owner", "owner/*", "owner@12/name", "owner/name:ref", "*/*"])
def test_a_subject_that_would_let_others_in_is_refused(repository: str) -> None:
    values = tomllib.loads((FOLDER / "uat.toml").read_text(encoding="utf-8"))
    values["github"]["repository"] = repository

    with pytest.raises(BadConfigurationError, match=r"github\.repository"):
        parse(values)


def test_an_environment_that_github_does_not_deploy_is_one_sentence() -> None:
    with pytest.raises(BadConfigurationError, match=r"local\.toml has no section \[github\]"):
        add_ci(cdk.App(), environment("local"))
