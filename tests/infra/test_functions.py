"""Each function carries its own step and nothing else, and is told exactly what its settings ask for."""

import dataclasses
import importlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from infra.app import add_environment, feature_flags
from infra.environments import FOLDER, parse
from infra.names import STEPS, Step, camel_case
from infra.openapi import document
from infra.resources.function_environment import COMMON, outside_settings, variables
from postcall.settings import read_settings
from tests.infra.conftest import NO_BUNDLING
from tests.infra.templates import EVERYWHERE, ON_AWS, Templates, environment

URL = "https://sqs.example.com/queue"
URLS = {"analysis": URL, "dispatch": URL}


def asking(variable: str) -> Step:
    """The step that an outside system's setting is for."""
    if variable.startswith("ELEVENLABS"):
        return "reconciliation"
    return "analysis" if variable.startswith("OPENAI") else "dispatch"


def settings_of(step: Step) -> Any:
    return importlib.import_module(f"functions.{step}.settings").Settings


def given(synthesised: Templates, env: str, step: Step) -> dict[str, Any]:
    found: dict[str, Any] = synthesised.function(env, step)["Environment"]["Variables"]
    return found


@pytest.mark.parametrize("env", EVERYWHERE)
@pytest.mark.parametrize("step", STEPS)
def test_a_function_is_given_its_settings_and_none_of_another_step(
    synthesised: Templates, env: str, step: Step
) -> None:
    fields = dataclasses.fields(settings_of(step))
    known = {field.name.upper() for field in fields}
    needed = {field.name.upper() for field in fields if field.default is dataclasses.MISSING}

    assert needed <= set(given(synthesised, env, step)) - set(COMMON) <= known
    assert set(COMMON) <= set(given(synthesised, env, step))


@pytest.mark.parametrize("env", ON_AWS)
@pytest.mark.parametrize("step", STEPS)
def test_the_values_are_ones_its_settings_accept(env: str, step: Step) -> None:
    report = variables(step, environment(env), URLS, URLS)  # type: ignore[arg-type]  # literal keys

    assert read_settings(settings_of(step), report)


@pytest.mark.parametrize("env", EVERYWHERE)
@pytest.mark.parametrize("step", STEPS)
def test_no_function_is_given_a_secrets_value(synthesised: Templates, env: str, step: Step) -> None:
    names = {name: value for name, value in given(synthesised, env, step).items() if "SECRET" in name or "KEY" in name}

    assert all(name.endswith("_SECRET_ID") for name in names)
    assert all(value.startswith(f"postcall/{env}/") for value in names.values())


def test_locally_the_outside_settings_are_parameters_of_the_deployment(synthesised: Templates) -> None:
    parameters = synthesised.template("local", "pipeline")["Parameters"]
    outside = outside_settings(environment("local"))

    assert set(parameters) - {"BootstrapVersion"} == {camel_case(variable) for variable in outside}
    for variable, value in outside.items():
        assert parameters[camel_case(variable)]["Default"] == value
    assert given(synthesised, "local", "dispatch")["CRM_SERVICE_URL"] == {"Ref": "CrmServiceUrl"}
    assert given(synthesised, "local", "analysis")["OPENAI_MODEL"] == {"Ref": "OpenaiModel"}
    assert given(synthesised, "local", "reconciliation")["ELEVENLABS_API_URL"] == {"Ref": "ElevenlabsApiUrl"}
    assert parameters["CrmReferer"]["Default"] == ""


@pytest.mark.parametrize("env", ON_AWS)
def test_on_aws_they_are_literals(synthesised: Templates, env: str) -> None:
    assert set(synthesised.template(env, "pipeline")["Parameters"]) == {"BootstrapVersion"}
    values = environment(env).values
    assert {"CRM_SERVICE_URL", "EXTERNAL_CRM_DRY_RUN"} <= set(values)
    for variable in set(values) & set(outside_settings(environment(env))):
        assert given(synthesised, env, asking(variable))[variable] == values[variable]


@pytest.mark.parametrize("env", EVERYWHERE)
@pytest.mark.parametrize("step", STEPS)
def test_a_functions_asset_is_its_own_step_under_its_import_path(synthesised: Templates, env: str, step: Step) -> None:
    key = synthesised.function(env, step)["Code"]["S3Key"]
    files = files_of(synthesised, env, key)

    assert "functions/__init__.py" in files
    assert f"functions/{step}/__init__.py" in files
    own = (f"functions/{step}/", *(("docs/runbooks/", "docs/operating.") if step == "operations" else ()))
    assert all(each == "functions/__init__.py" or each.startswith(own) for each in files)
    for page in ("docs/runbooks/ru/outcomes-unknown.md", "docs/operating.md", "docs/operating.ru.md"):
        assert (page in files) == (step == "operations")
    assert not any("__pycache__" in each or each.endswith(".pyc") for each in files)
    assert synthesised.function(env, step)["Handler"] == f"functions.{step}.handler.handler"


@pytest.mark.parametrize("env", EVERYWHERE)
def test_operations_brings_the_description_of_its_api(synthesised: Templates, env: str) -> None:
    key = synthesised.function(env, "operations")["Code"]["S3Key"]
    described = folder_of(synthesised, env, key) / "functions/operations/openapi.json"

    assert json.loads(described.read_text(encoding="utf-8")) == document()


def test_the_shared_layer_has_the_shape_lambda_unpacks(synthesised: Templates) -> None:
    layers = synthesised.properties("uat", "pipeline", "AWS::Lambda::LayerVersion", "LayerName")
    files = files_of(synthesised, "uat", layers["postcall-uat-postcall"]["Content"]["S3Key"])

    assert "python/postcall/__init__.py" in files
    assert all(each.startswith("python/postcall/") for each in files)
    assert not any(each.endswith(".pyc") for each in files)


@pytest.mark.parametrize("env", ON_AWS)
@pytest.mark.parametrize("step", STEPS)
def test_on_aws_functions_are_python_3_13_on_arm(synthesised: Templates, env: str, step: Step) -> None:
    function = synthesised.function(env, step)

    assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
    assert len(function["Layers"]) == 2


def test_locally_functions_fit_this_machine(synthesised: Templates) -> None:
    function = synthesised.function("local", "intake")

    assert function["Runtime"] == f"python{sys.version_info[0]}.{sys.version_info[1]}"
    assert function["Architectures"] == ["arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"]


@pytest.mark.parametrize("env", ON_AWS)
def test_logs_are_json_and_kept_for_a_time(synthesised: Templates, env: str) -> None:
    groups = synthesised.properties(env, "data", "AWS::Logs::LogGroup", "LogGroupName")

    assert {f"/aws/lambda/postcall-{env}-{step}" for step in STEPS} < set(groups)
    assert {each["RetentionInDays"] for each in groups.values()} == {environment(env).runtime.log_days}
    assert not synthesised.resources(env, "pipeline", "AWS::Logs::LogGroup")  # a pipeline that comes back finds them
    assert {synthesised.function(env, step)["LoggingConfig"]["LogFormat"] for step in STEPS} == {"JSON"}


@pytest.mark.parametrize("env", ON_AWS)
def test_a_lease_ends_after_the_function_and_before_the_message_is_seen_again(synthesised: Templates, env: str) -> None:
    lease = int(given(synthesised, env, "dispatch")["DISPATCH_LEASE_SECONDS"])

    assert synthesised.function(env, "dispatch")["Timeout"] < lease < environment(env).visibility_seconds("dispatch")


def test_a_function_that_starts_from_a_snapshot_is_called_by_its_live_version(tmp_path: Path) -> None:
    import tomllib

    values = tomllib.loads((FOLDER / "prod.toml").read_text(encoding="utf-8"))
    values["runtime"]["snap_start"] = ["intake", "dispatch"]
    app = cdk.App(context=feature_flags() | NO_BUNDLING, outdir=str(tmp_path))
    add_environment(app, parse(values))
    app.synth()
    pipeline = Templates(tmp_path)

    assert pipeline.function("prod", "intake")["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert "SnapStart" not in pipeline.function("prod", "analysis")
    assert len(pipeline.resources("prod", "pipeline", "AWS::Lambda::Alias")) == 2
    integrations = pipeline.resources("prod", "pipeline", "AWS::ApiGatewayV2::Integration").values()
    assert any("IntakeLive" in json.dumps(each) for each in integrations)
    sources = pipeline.resources("prod", "pipeline", "AWS::Lambda::EventSourceMapping").values()
    assert sum("DispatchLive" in json.dumps(each) for each in sources) == 1


def files_of(synthesised: Templates, env: str, object_key: str) -> set[str]:
    """The files of the asset that is uploaded under this key."""
    folder = folder_of(synthesised, env, object_key)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def folder_of(synthesised: Templates, env: str, object_key: str) -> Path:
    """Where that asset's files lie."""
    listed = json.loads((synthesised.folder / f"postcall-{env}-pipeline.assets.json").read_text(encoding="utf-8"))
    (source,) = [
        each["source"]["path"]
        for each in listed["files"].values()
        if object_key in {target["objectKey"] for target in each["destinations"].values()}
    ]
    return synthesised.folder / str(source)
