"""The HTTP API: the webhook and the analysis of own calls go to intake, everything operators do to operations.

There is no authorizer on purpose: the webhook is authenticated by its signature over the raw body, operators by their
bearer token, both in the functions, where a refusal can be logged with its reason.
"""

import json
import re
from typing import Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigateway import AccessLogFormat
from constructs import Construct

from infra.environments import Environment
from infra.names import Step
from infra.resources.acknowledgment import acknowledge
from infra.resources.metrics import ApiMetrics

GET: Final = apigateway.HttpMethod.GET
POST: Final = apigateway.HttpMethod.POST
ANY: Final = apigateway.HttpMethod.ANY

WEBHOOK_PATH: Final = "/webhooks/elevenlabs"
CONSOLE_PATH: Final = "/console"
STAGE: Final = "live"  # of a REST API, whose URL ends in it
ROUTES: Final[dict[Step, list[tuple[apigateway.HttpMethod, str]]]] = {
    "intake": [(POST, WEBHOOK_PATH), (POST, "/api/analyze")],
    "operations": [
        (GET, "/api/events"),
        (GET, "/api/events/{event_id}"),
        (POST, "/api/events/{event_id}/resend-crm"),
        (GET, "/"),  # whoever knows the address alone finds the console
        (GET, CONSOLE_PATH),
        (GET, f"{CONSOLE_PATH}/{{file}}"),
        (ANY, "/api/{proxy+}"),
    ],
}

# The route's pattern, not the path: a path holds an event's id, and logs are kept longer than some events.
LOGGED: Final = {
    "request_id": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "status": "$context.status",
    "source_ip": "$context.identity.sourceIp",
    "response_bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "function_latency_ms": "$context.integrationLatency",
    "function_error": "$context.integrationErrorMessage",
}


class Api(Construct):
    """Routes and stage of the HTTP API that the API's own stack holds."""

    def __init__(
        self,
        scope: Construct,
        environment: Environment,
        functions: dict[Step, lambda_.IFunction],
        http_api: apigateway.HttpApi,
        domain: apigateway.DomainName | None,
    ) -> None:
        super().__init__(scope, "Api")
        self._environment, self._http_api = environment, http_api
        added: list[apigateway.HttpRoute] = []
        for step, routes in ROUTES.items():
            integration = integrations.HttpLambdaIntegration(step.capitalize(), functions[step])
            for method, path in routes:
                route = self._route(method, path, integration)
                added.append(route)
                acknowledge(route, "AwsSolutions-APIG4", "the function verifies the signature or the bearer token")
        stage = self._stage()
        stage.node.add_dependency(*added)  # a stage knows budgets only for routes that there are
        if domain is not None:
            apigateway.ApiMapping(self, "Mapping", api=http_api, domain_name=domain, stage=stage)

    @property
    def api_id(self) -> str:
        return self._http_api.api_id

    @property
    def specs(self) -> ApiMetrics:
        """Its numbers in CloudWatch."""
        return ApiMetrics({"ApiId": self.api_id}, client_errors="4xx", server_errors="5xx")

    def _route(
        self, method: apigateway.HttpMethod, path: str, integration: apigateway.HttpRouteIntegration
    ) -> apigateway.HttpRoute:
        key = apigateway.HttpRouteKey.with_(path, method)
        name = f"{method.value}{re.sub(r'[^a-z]', '', path)}"
        return apigateway.HttpRoute(self, name, http_api=self._http_api, route_key=key, integration=integration)

    def _stage(self) -> apigateway.HttpStage:
        settings = self._environment.api
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self._http_api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=settings.requests_per_second, burst_limit=settings.burst),
            access_log_settings=AccessLog(access_logs(self, self._environment)),
        )
        own = {
            "ThrottlingRateLimit": settings.webhook_requests_per_second,
            "ThrottlingBurstLimit": settings.webhook_burst,
        }
        cast("cdk.CfnResource", stage.node.default_child).add_property_override(
            "RouteSettings", {f"POST {WEBHOOK_PATH}": own}
        )
        return stage


@jsii.implements(apigateway.IAccessLogSettings)
class AccessLog:
    """One JSON line per request."""

    def __init__(self, log_group: logs.ILogGroup) -> None:
        self._destination = apigateway.LogGroupLogDestination(log_group)

    @property
    def destination(self) -> apigateway.IAccessLogDestination:
        return self._destination

    @property
    def format(self) -> AccessLogFormat:
        return access_log_format(route="$context.routeKey")


def access_logs(scope: Construct, environment: Environment) -> logs.ILogGroup:
    """Where either kind of API writes a line per request; it lies with the data."""
    return logs.LogGroup.from_log_group_name(scope, "AccessLogs", environment.names.api_log_group)


def access_log_format(*, route: str) -> AccessLogFormat:
    return AccessLogFormat.custom(json.dumps({"route": route, **LOGGED}))
