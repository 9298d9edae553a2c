"""The GitHub workflows: no key is kept there, no job has more rights than it needs, one synthesis is promoted."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.resources.dependency_layer import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted((GITHUB / "actions").glob("*/action.yml"))
FILES = [*WORKFLOWS, *ACTIONS]
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
CREDENTIALS = "aws-actions/configure-aws-credentials"
by_name = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(GITHUB)))
workflows_by_name = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


@cache
def parsed(path: Path) -> dict[str, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else str(key): value for key, value in found.items()}  # to YAML 1.1 `on` is a truth


def steps(path: Path) -> Iterator[list[dict[str, Any]]]:
    """The steps of each job, or of an action."""
    content = parsed(path)
    if "runs" in content:
        yield content["runs"]["steps"]
    for job in content.get("jobs", {}).values():
        yield job["steps"]


def commands(path: Path) -> list[str]:
    return [step["run"] for each in steps(path) for step in each if "run" in step]


def make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {name for line in re.findall(r"^([a-z][a-z0-9 -]*):(?!=)", text, re.MULTILINE) for name in line.split()}


@by_name
def test_every_make_target_they_name_exists(path: Path) -> None:
    named = {name for command in commands(path) for name in re.findall(r"\bmake ([a-z][\w-]*)", command)}

    assert named <= make_targets()


def test_the_make_targets_are_read_rightly() -> None:
    assert {"test", "synth", "unit"} <= make_targets()
    assert "no-such-target" not in make_targets()


@by_name
def test_every_action_is_pinned_by_its_commit_and_says_which_release_that_is(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        if re.match(r"\s*- uses: |\s*uses: ", line):
            used, _, comment = line.split("uses: ", 1)[1].partition(" # ")
            if used.startswith("./"):
                assert (ROOT / used / "action.yml").is_file()
            else:
                assert PINNED.match(used), used
                assert re.fullmatch(r"v\d+\.\d+\.\d+", comment), line


@by_name
def test_nothing_long_lived_is_used(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "secrets." not in text
    assert not re.search(r"aws.secret.access.key|AKIA|aws-access-key-id", text, re.IGNORECASE)


@workflows_by_name
def test_rights_are_no_more_than_reading_and_a_token_where_a_role_is_taken(path: Path) -> None:
    workflow = parsed(path)

    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        takes_a_role = any(
            step.get("uses", "").startswith((CREDENTIALS, "./.github/actions/deploy")) for step in job["steps"]
        )
        wanted = {"contents": "read", "id-token": "write"} if takes_a_role else workflow["permissions"]
        if path.stem == "redeploy":
            wanted = wanted | {"actions": "read"}  # another run's files
        assert job.get("permissions", workflow["permissions"]) == wanted, name


@workflows_by_name
def test_every_job_ends_and_none_is_started_by_a_stranger(path: Path) -> None:
    workflow = parsed(path)

    assert all(job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())
    assert set(workflow["on"]) <= {"pull_request", "push", "workflow_dispatch"}


@by_name
def test_no_command_is_put_together_from_an_expression(path: Path) -> None:
    """What a branch's name or a title holds would run; values come in as variables."""
    assert not [command for command in commands(path) if "${{" in command]


@by_name
def test_where_there_are_credentials_nothing_of_the_repository_is_built_or_installed_any_more(path: Path) -> None:
    for each in steps(path):
        taken = [number for number, step in enumerate(each) if step.get("uses", "").startswith(CREDENTIALS)]
        later = each[taken[0] :] if taken else []
        assert not [step for step in later if re.search(r"\bmake\b|npm |pip |uv ", step.get("run", ""))]


def test_a_newer_push_replaces_the_checks_of_the_older_but_never_a_deployment() -> None:
    checks, deploy = (parsed(GITHUB / "workflows" / f"{name}.yml") for name in ("checks", "deploy"))

    assert checks["concurrency"]["cancel-in-progress"] is True
    for env in ("uat", "prod"):
        assert deploy["jobs"][env]["concurrency"] == {"group": f"deploy-{env}", "cancel-in-progress": False}


def test_production_gets_the_files_that_were_on_uat_after_an_approval() -> None:
    jobs = parsed(GITHUB / "workflows" / "deploy.yml")["jobs"]
    (uploaded,) = [step for step in jobs["synthesise"]["steps"] if "upload-artifact" in step.get("uses", "")]
    action = parsed(GITHUB / "actions" / "deploy" / "action.yml")["runs"]["steps"]
    (downloaded,) = [step for step in action if "download-artifact" in step.get("uses", "")]

    assert uploaded["with"]["name"] == downloaded["with"]["name"]
    assert (jobs["synthesise"]["needs"], jobs["uat"]["needs"], jobs["prod"]["needs"]) == ("test", "synthesise", "uat")
    assert (jobs["uat"]["environment"], jobs["prod"]["environment"]) == ("uat", "prod")
    assert not any("synth" in step.get("run", "") for step in action)
    for env in ("uat", "prod"):
        (used,) = [step for step in jobs[env]["steps"] if step["uses"].startswith("./")]
        assert used["with"]["environment"] == env


def test_a_pull_request_is_tested_and_compared_with_what_is_deployed() -> None:
    jobs = parsed(GITHUB / "workflows" / "checks.yml")["jobs"]
    diff = "\n".join(step.get("run", "") for step in jobs["diff"]["steps"])

    runs = [step.get("run") for step in jobs["test"]["steps"]]
    assert runs[-2:] == ["make test", "make test-long"]
    assert "--method=template" in diff  # by the lookup role: a change set would need the deploy role
    assert "GITHUB_STEP_SUMMARY" in diff
    assert [each["environment"] for each in jobs["diff"]["strategy"]["matrix"]["include"]] == ["uat", "prod"]


def test_the_change_guard_fails_a_pull_request() -> None:
    (guard,) = [
        step["run"]
        for step in parsed(GITHUB / "workflows" / "checks.yml")["jobs"]["diff"]["steps"]
        if "infra.deployment guard" in step.get("run", "")
    ]

    assert guard.startswith("set -o pipefail")  # else `tee` would swallow the exit code


def test_where_there_are_credentials_nothing_of_a_pull_request_runs() -> None:
    """The job that may take a role holds the branch that is merged into, and the pull request's templates as data."""
    jobs = parsed(GITHUB / "workflows" / "checks.yml")["jobs"]
    (checkout, *_) = jobs["diff"]["steps"]

    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert not any("make synth" in step.get("run", "") for step in jobs["diff"]["steps"])
    assert "permissions" not in jobs["synthesise"]  # no token


def test_any_earlier_assembly_of_main_can_be_deployed_by_hand() -> None:
    (job,) = parsed(GITHUB / "workflows" / "redeploy.yml")["jobs"].values()
    action = parsed(GITHUB / "actions" / "deploy" / "action.yml")
    (downloaded,) = [step for step in action["runs"]["steps"] if "download-artifact" in step.get("uses", "")]

    synthesise = parsed(GITHUB / "workflows" / "deploy.yml")["jobs"]["synthesise"]["steps"]
    (uploaded,) = [step for step in synthesise if "upload-artifact" in step.get("uses", "")]

    assert uploaded["with"]["retention-days"] == 90
    assert job["environment"] == "${{ inputs.environment }}"  # and its approval
    assert "push main .github/workflows/deploy.yml" in job["steps"][0]["run"]
    assert downloaded["with"]["run-id"] == "${{ inputs.run-id }}"
    assert action["inputs"]["run-id"]["default"] == "${{ github.run_id }}"


def test_the_change_guard_stops_a_deployment_of_earlier_files_too() -> None:
    commands = [step.get("run", "") for step in parsed(GITHUB / "actions" / "deploy" / "action.yml")["runs"]["steps"]]
    guard, deploy = (
        next(number for number, command in enumerate(commands) if f"infra.deployment {word}" in command)
        for word in ("guard", "deploy")
    )

    assert guard < deploy


def test_a_pull_request_that_brings_a_placeholder_is_refused_where_aws_is_deployed_to() -> None:
    steps = parsed(GITHUB / "workflows" / "checks.yml")["jobs"]["synthesise"]["steps"]
    (check,) = [step for step in steps if "infra.deployment check" in step.get("run", "")]

    assert check["if"] == "vars.AWS_REGION != ''"
    assert check["run"].split() == [
        *(".venv/bin/python", "-m", "infra.deployment", "check", "uat"),
        *(".venv/bin/python", "-m", "infra.deployment", "check", "prod"),
    ]
