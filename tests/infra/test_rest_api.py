"""The other kind of API: a REST API behind a firewall, with the same routes and the same care for a webhook."""

import json
from typing import Any

import pytest
from aws_cdk.aws_apigateway import AccessLogField

from functions.intake.senders import PUBLISHED
from infra.environments import BadConfigurationError, parse
from infra.resources.api import ROUTES
from infra.resources.rest_api import needed_routes
from infra.resources.web_acl import COUNTED_ONLY
from tests.infra.templates import ON_AWS, Properties, Templates, environment, guarded_values

ENV = "guarded"


def methods(synthesised: Templates) -> dict[str, str]:
    """What each method of the API calls, by method and path."""
    template = synthesised.template(ENV, "pipeline")["Resources"]

    def path(reference: dict[str, Any]) -> str:
        if "Fn::ImportValue" in reference:  # the root, which the API's own stack holds
            return ""
        resource = template[reference["Ref"]]["Properties"]
        return f"{path(resource['ParentId'])}/{resource['PathPart']}"

    return {
        f"{each['Properties']['HttpMethod']} {path(each['Properties']['ResourceId']) or '/'}": json.dumps(
            each["Properties"]["Integration"]
        )
        for each in template.values()
        if each["Type"] == "AWS::ApiGateway::Method"
    }


def rules(synthesised: Templates) -> dict[str, Properties]:
    (acl,) = synthesised.resources(ENV, "pipeline", "AWS::WAFv2::WebACL").values()
    return {rule["Name"]: rule for rule in sorted(acl["Properties"]["Rules"], key=lambda rule: rule["Priority"])}


def test_it_has_the_routes_of_the_other_kind(synthesised: Templates) -> None:
    found = methods(synthesised)

    assert set(found) == {f"{method} {path}" for _, method, path in needed_routes()}
    for step, method, path in needed_routes():
        assert f"{step.capitalize()}" in found[f"{method} {path}"]
        assert '"AWS_PROXY"' in found[f"{method} {path}"]


def test_what_a_greedy_route_of_the_same_function_covers_is_left_out_and_nothing_else() -> None:
    kept = {(method, path) for _, method, path in needed_routes()}
    left_out = {(str(method.value), path) for routes in ROUTES.values() for method, path in routes} - kept

    assert {("POST", "/webhooks/elevenlabs"), ("POST", "/api/analyze"), ("ANY", "/api/{proxy+}")} <= kept
    assert {("GET", "/api/events"), ("GET", "/api/events/{event_id}")} <= left_out
    assert all(path.startswith("/api/") for _, path in left_out)


def test_its_stage_is_throttled_and_logged_without_a_path_or_a_body(synthesised: Templates) -> None:
    (stage,) = synthesised.resources(ENV, "pipeline", "AWS::ApiGateway::Stage").values()
    settings = stage["Properties"]["MethodSettings"][0]
    format_ = stage["Properties"]["AccessLogSetting"]["Format"]

    assert settings["ThrottlingRateLimit"] == environment("prod").api.requests_per_second
    assert settings["DataTraceEnabled"] is False
    assert "$context.path" not in format_
    assert set(json.loads(format_).values()) <= documented_variables() | {"$context.httpMethod $context.resourcePath"}


def documented_variables() -> set[str]:
    """Those the CDK has a name for: what AWS documents for a REST API's access log."""
    plain = [
        *("context_request_id", "context_request_time_epoch", "context_status", "context_identity_source_ip"),
        *("context_response_length", "context_response_latency", "context_integration_latency"),
        "context_integration_error_message",
    ]
    return {str(getattr(AccessLogField, name)()) for name in plain}


def test_its_addresses_are_outputs_without_a_final_slash(synthesised: Templates) -> None:
    outputs = synthesised.template(ENV, "api")["Outputs"]

    assert json.dumps(outputs["WebhookUrl"]["Value"]).endswith('.amazonaws.com/live/webhooks/elevenlabs"]]}')
    assert json.dumps(outputs["ApiUrl"]["Value"]).endswith('.amazonaws.com/live"]]}')


def test_the_firewall_stands_before_the_stage(synthesised: Templates) -> None:
    (association,) = synthesised.resources(ENV, "pipeline", "AWS::WAFv2::WebACLAssociation").values()
    (stage,) = synthesised.resources(ENV, "pipeline", "AWS::ApiGateway::Stage")

    assert stage in json.dumps(association["Properties"]["ResourceArn"])
    assert list(rules(synthesised)) == [
        "WebhookFromUnknownSender",
        "TooManyFromOneAddress",
        "AWSManagedRulesCommonRuleSet",
    ]


def test_only_the_webhook_is_limited_to_elevenlabs_addresses(synthesised: Templates) -> None:
    rule = rules(synthesised)["WebhookFromUnknownSender"]
    path, stranger = rule["Statement"]["AndStatement"]["Statements"]
    (addresses,) = synthesised.resources(ENV, "pipeline", "AWS::WAFv2::IPSet").values()

    assert path["ByteMatchStatement"]["SearchString"] == "/webhooks/"
    assert "IPSetReferenceStatement" in stranger["NotStatement"]["Statement"]
    assert addresses["Properties"]["Addresses"] == [*PUBLISHED["default"], "198.51.100.7/32"]
    assert len(PUBLISHED["default"]) == 6
    assert rule["Action"] == {"Block": {}}


def test_too_many_requests_are_answered_so_that_elevenlabs_tries_again(synthesised: Templates) -> None:
    rule = rules(synthesised)["TooManyFromOneAddress"]

    assert rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429
    assert rule["Statement"]["RateBasedStatement"]["AggregateKeyType"] == "IP"


def test_no_common_rule_may_turn_a_call_away_for_what_was_said_in_it(synthesised: Templates) -> None:
    group = rules(synthesised)["AWSManagedRulesCommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"]
    counted = {each["Name"] for each in group["RuleActionOverrides"] if each["ActionToUse"] == {"Count": {}}}

    assert counted == set(COUNTED_ONLY)
    assert {"SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericRFI_BODY", "GenericLFI_BODY"} <= counted


def test_the_firewalls_log_holds_what_it_stopped_without_what_proves_identity(synthesised: Templates) -> None:
    (logging,) = synthesised.resources(ENV, "pipeline", "AWS::WAFv2::LoggingConfiguration").values()
    settings = logging["Properties"]

    assert [each["SingleHeader"]["Name"] for each in settings["RedactedFields"]] == [
        "authorization",
        "elevenlabs-signature",
    ]
    assert settings["LoggingFilter"]["DefaultBehavior"] == "DROP"
    assert ":log-group:aws-waf-logs-postcall-guarded" in json.dumps(settings["LogDestinationConfigs"]) or (
        "FirewallLogs" in json.dumps(settings["LogDestinationConfigs"])
    )


def test_a_webhook_that_is_turned_away_rings_and_the_apis_errors_too(synthesised: Templates) -> None:
    alarms = synthesised.alarms(ENV)
    blocked, errors = alarms["postcall-guarded-webhook-blocked"], alarms["postcall-guarded-api-5xx"]
    acl = next(iter(synthesised.resources(ENV, "pipeline", "AWS::WAFv2::WebACL").values()))["Properties"]
    measured = {
        acl["VisibilityConfig"]["MetricName"],
        *(each["VisibilityConfig"]["MetricName"] for each in acl["Rules"]),
    }

    assert {each["Value"] for each in blocked["Dimensions"]} - {"eu-central-1"} <= measured
    assert errors["MetricName"] == "5XXError"
    assert {each["Name"]: each["Value"] for each in errors["Dimensions"]} == {
        "ApiName": "postcall-guarded",
        "Stage": "live",
    }


@pytest.mark.parametrize("env", ON_AWS)
def test_it_is_off_unless_asked_for(synthesised: Templates, env: str) -> None:
    assert environment(env).api.kind == "http"
    assert not synthesised.resources(env, "pipeline", "AWS::ApiGateway::RestApi")
    assert not synthesised.resources(env, "pipeline", "AWS::WAFv2::WebACL")


def test_a_firewall_before_an_http_api_is_refused() -> None:
    values = guarded_values()
    values["api"]["kind"] = "http"

    with pytest.raises(BadConfigurationError, match=r"api\.firewall needs api\.kind = 'rest'"):
        parse(values)
