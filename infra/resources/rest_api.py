"""The same API as a REST API, which alone can stand behind a web application firewall (docs/decisions/0001).

It has the HTTP API's routes, but those that a greedy route of the same function covers: a REST API would refuse a
method that the narrower route lacks instead of trying the wider one.
"""

from collections.abc import Iterator
from typing import Final

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.environments import Environment
from infra.names import Step
from infra.resources.acknowledgment import acknowledge
from infra.resources.api import ROUTES, STAGE, WEBHOOK_PATH, access_log_format, access_logs
from infra.resources.metrics import ApiMetrics
from infra.resources.web_acl import WebAcl

GREEDY: Final = "{proxy+}"
NOT_ITS_TASK: Final = {
    "AwsSolutions-APIG4": "the function verifies the signature or the bearer token",
    "AwsSolutions-COG4": "operators have bearer tokens, ElevenLabs has a signature: there is no user pool",
}


class RestApi(Construct):
    """Methods, deployment and stage of the REST API that the API's own stack holds."""

    def __init__(
        self,
        scope: Construct,
        environment: Environment,
        functions: dict[Step, lambda_.IFunction],
        rest_api: apigateway.CfnRestApi,
        domain: http.DomainName | None,
    ) -> None:
        super().__init__(scope, "Api")
        self._environment = environment
        self.api_id = rest_api.ref
        self._api = apigateway.RestApi.from_rest_api_attributes(
            self, "Rest", rest_api_id=rest_api.ref, root_resource_id=rest_api.attr_root_resource_id
        )
        methods = [self._method(functions[step], method, path) for step, method, path in needed_routes()]
        stage = self._stage(methods)
        if environment.api.firewall is not None:
            WebAcl(self, environment, environment.api.firewall, stage.stage_arn)
        else:
            acknowledge(stage, "AwsSolutions-APIG3", "the firewall is a setting, off here: docs/decisions/0001")
        if domain is not None:
            http.CfnApiMapping(self, "Mapping", api_id=self.api_id, domain_name=domain.name, stage=stage.stage_name)

    @property
    def specs(self) -> ApiMetrics:
        """Its numbers in CloudWatch."""
        dimensions = {"ApiName": self._environment.names.prefix, "Stage": STAGE}
        return ApiMetrics(dimensions, client_errors="4XXError", server_errors="5XXError")

    def _method(self, function: lambda_.IFunction, method: str, path: str) -> apigateway.Method:
        integration = apigateway.LambdaIntegration(function, allow_test_invoke=False)
        added = self._api.root.resource_for_path(path).add_method(method, integration)
        for finding, reason in NOT_ITS_TASK.items():
            acknowledge(added, finding, reason)
        return added

    def _stage(self, methods: list[apigateway.Method]) -> apigateway.Stage:
        """A deployment is a picture of the methods there are: other methods need another one."""
        deployment = apigateway.Deployment(self, "Deployment", api=self._api)
        deployment.add_to_logical_id([f"{step} {method} {path}" for step, method, path in needed_routes()])
        deployment.node.add_dependency(*methods)
        log_group = access_logs(self, self._environment)
        return apigateway.Stage(
            self,
            "Stage",
            deployment=deployment,
            stage_name=STAGE,
            throttling_rate_limit=self._environment.api.requests_per_second,
            throttling_burst_limit=self._environment.api.burst,
            method_options={
                f"{WEBHOOK_PATH}/POST": apigateway.MethodDeploymentOptions(
                    throttling_rate_limit=self._environment.api.webhook_requests_per_second,
                    throttling_burst_limit=self._environment.api.webhook_burst,
                    data_trace_enabled=False,
                    logging_level=apigateway.MethodLoggingLevel.ERROR,
                    metrics_enabled=True,
                )
            },
            metrics_enabled=True,
            logging_level=apigateway.MethodLoggingLevel.ERROR,
            data_trace_enabled=False,  # it would log whole bodies
            access_log_destination=apigateway.LogGroupLogDestination(log_group),
            access_log_format=access_log_format(route="$context.httpMethod $context.resourcePath"),
        )


def needed_routes() -> Iterator[tuple[Step, str, str]]:
    """Step, method and path of each route that no greedy route of the same step covers."""
    for step, routes in ROUTES.items():
        greedy = [path.removesuffix(GREEDY) for _, path in routes if path.endswith(GREEDY)]
        for method, path in routes:
            if path.endswith(GREEDY) or not any(path.startswith(prefix) for prefix in greedy):
                yield step, str(method.value), path
