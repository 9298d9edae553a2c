"""The API's routes lead to the right functions, are throttled, and log no one's path."""

import json
import tomllib
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from infra.app import add_environment, feature_flags
from infra.environments import FOLDER, parse
from infra.resources.schedule import every
from tests.infra.conftest import NO_BUNDLING
from tests.infra.templates import EVERYWHERE, Templates, environment

ROUTES = {
    "POST /webhooks/elevenlabs": "Intake",
    "POST /api/analyze": "Intake",
    "GET /api/events": "Operations",
    "GET /api/events/{event_id}": "Operations",
    "POST /api/events/{event_id}/resend-crm": "Operations",
    "GET /": "Operations",
    "GET /console": "Operations",
    "GET /console/{file}": "Operations",
    "ANY /api/{proxy+}": "Operations",
}

# From "Customize HTTP API access logs" of API Gateway's developer guide: an HTTP API refuses to be deployed with any
# other, and some that a REST API has (requestLength) are not among them.
HTTP_API_KNOWS = {
    *("accountId", "apiId", "dataProcessed", "domainName", "error.message", "error.responseType", "extendedRequestId"),
    *("httpMethod", "identity.sourceIp", "identity.userAgent", "integration.error", "integration.status"),
    *("integrationErrorMessage", "integrationLatency", "integrationStatus", "path", "protocol", "requestId"),
    *("requestTime", "requestTimeEpoch", "responseLatency", "responseLength", "routeKey", "stage", "status"),
}


def function_behind(synthesised: Templates, env: str, target: dict[str, Any]) -> str:
    (logical_id,) = [part["Ref"] for part in target["Fn::Join"][1] if isinstance(part, dict)]
    integration = synthesised.resources(env, "pipeline", "AWS::ApiGatewayV2::Integration")[logical_id]["Properties"]
    assert integration["PayloadFormatVersion"] == "2.0"
    return str(integration["IntegrationUri"]["Fn::GetAtt"][0])


@pytest.mark.parametrize("env", EVERYWHERE)
def test_every_route_reaches_its_function(synthesised: Templates, env: str) -> None:
    routes = synthesised.properties(env, "pipeline", "AWS::ApiGatewayV2::Route", "RouteKey")
    reached = {key: function_behind(synthesised, env, each["Target"]) for key, each in routes.items()}

    assert set(reached) == set(ROUTES)
    assert all(reached[key].startswith(f"{step}Function") for key, step in ROUTES.items())


@pytest.mark.parametrize("env", EVERYWHERE)
def test_the_url_has_the_addresss_lifetime_and_not_the_pipelines(synthesised: Templates, env: str) -> None:
    (api,) = synthesised.resources(env, "api", "AWS::ApiGatewayV2::Api").values()
    manifest = json.loads((synthesised.folder / "manifest.json").read_text(encoding="utf-8"))
    artifact = manifest["artifacts"][f"postcall-{env}-api"]

    assert api["DeletionPolicy"] == "RetainExceptOnCreate"
    assert artifact["properties"]["terminationProtection"] is True
    assert not [name for name in artifact["dependencies"] if not name.endswith(".assets")]  # it needs no other stack
    assert not synthesised.resources(env, "pipeline", "AWS::ApiGatewayV2::Api")


def test_a_domain_of_ones_own_is_the_url_and_leads_to_the_stage() -> None:
    values = tomllib.loads((FOLDER / "uat.toml").read_text(encoding="utf-8"))
    arn = "arn:aws:acm:eu-central-1:111111111111:certificate/1"
    values["api"] |= {"domain": "calls.example.com", "certificate_arn": arn}
    stacks = add_environment(cdk.App(context=feature_flags() | NO_BUNDLING), parse(values))
    api, pipeline = (Template.from_stack(stacks[word]) for word in ("api", "pipeline"))

    api.has_resource_properties("AWS::ApiGatewayV2::DomainName", {"DomainName": "calls.example.com"})
    api.has_output("DomainTarget", {})
    api.has_output("WebhookUrl", {"Value": "https://calls.example.com/webhooks/elevenlabs"})
    pipeline.resource_count_is("AWS::ApiGatewayV2::ApiMapping", 1)


@pytest.mark.parametrize("env", EVERYWHERE)
def test_the_stage_is_throttled_and_its_log_is_json_without_a_path(synthesised: Templates, env: str) -> None:
    (stage,) = synthesised.resources(env, "pipeline", "AWS::ApiGatewayV2::Stage").values()
    settings = stage["Properties"]
    logged = json.loads(settings["AccessLogSettings"]["Format"])

    assert settings["DefaultRouteSettings"]["ThrottlingRateLimit"] == environment(env).api.requests_per_second
    assert settings["DefaultRouteSettings"]["ThrottlingBurstLimit"] == environment(env).api.burst
    webhook = settings["RouteSettings"]["POST /webhooks/elevenlabs"]  # a budget that nobody else can use up
    assert webhook["ThrottlingRateLimit"] == environment(env).api.webhook_requests_per_second
    assert webhook["ThrottlingBurstLimit"] == environment(env).api.webhook_burst
    assert settings["AutoDeploy"] is True
    assert not any("path" in value for value in logged.values())


@pytest.mark.parametrize("env", EVERYWHERE)
def test_the_log_names_only_what_an_http_api_knows(synthesised: Templates, env: str) -> None:
    (stage,) = synthesised.resources(env, "pipeline", "AWS::ApiGatewayV2::Stage").values()
    logged = set(json.loads(stage["Properties"]["AccessLogSettings"]["Format"]).values())

    assert {each.removeprefix("$context.") for each in logged} <= HTTP_API_KNOWS


@pytest.mark.parametrize("env", EVERYWHERE)
def test_what_people_and_tools_need_is_an_output(synthesised: Templates, env: str) -> None:
    outputs = {
        **synthesised.template(env, "api")["Outputs"],
        **synthesised.template(env, "pipeline")["Outputs"],
        **synthesised.template(env, "data")["Outputs"],
        **synthesised.template(env, "address")["Outputs"],
    }
    queues = {"AnalysisQueueUrl", "AnalysisDeadLettersUrl", "DispatchQueueUrl", "DispatchDeadLettersUrl"}
    tables = {"WebhookEventsTable", "AnalysesTable", "CrmDispatchesTable"}

    assert {"WebhookUrl", "ApiUrl", "ConsoleUrl", "StaticIps", "PayloadBucket", *queues, *tables} <= set(outputs)


@pytest.mark.parametrize("env", EVERYWHERE)
def test_reconciliation_runs_by_the_clock(synthesised: Templates, env: str) -> None:
    schedules = synthesised.properties(env, "pipeline", "AWS::Scheduler::Schedule", "Name")
    settings = environment(env).schedules
    timeout = synthesised.function(env, "reconciliation")["Timeout"]
    commands = {name: json.loads(each["Target"]["Input"]) for name, each in schedules.items()}

    assert {name: each["ScheduleExpression"] for name, each in schedules.items()} == {
        f"postcall-{env}-sweep": every(settings.sweep_every_minutes),
        f"postcall-{env}-reconcile": every(settings.reconcile_every_minutes),
        f"postcall-{env}-ledger": f"cron(30 {settings.ledger_hour} * * ? *)",
        f"postcall-{env}-erasures": f"cron(45 {settings.ledger_hour} * * ? *)",
    }
    assert {f"postcall-{env}-{each['command']}" for each in commands.values()} == set(schedules)
    assert all(each.get("seconds", 0) < timeout for each in commands.values())
    assert all("ReconciliationFunction" in str(each["Target"]["Arn"]) for each in schedules.values())
