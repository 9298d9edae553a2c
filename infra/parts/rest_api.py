"""The same API as a REST API, which alone can stand behind a web application firewall (docs/decisions/0001).

It has the HTTP API's routes, but those that a greedy route of the same function covers: a REST API would refuse a
method that the narrower route lacks instead of trying the wider one.
"""

from collections.abc import Iterator
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.environments import Environment
from infra.names import Step
from infra.parts.acknowledgment import acknowledge
from infra.parts.api import ROUTES, access_log_format, access_logs
from infra.parts.metrics import WatchedApi
from infra.parts.web_acl import WebAcl

STAGE: Final = "live"
GREEDY: Final = "{proxy+}"
NOT_ITS_TASK: Final = {
    "AwsSolutions-APIG2": "the function validates what it reads: a webhook's signature covers the raw body",
    "AwsSolutions-APIG4": "the function verifies the signature or the bearer token",
    "AwsSolutions-COG4": "operators have bearer tokens, ElevenLabs has a signature: there is no user pool",
}


class RestApi(Construct):
    def __init__(self, scope: Construct, environment: Environment, functions: dict[Step, lambda_.IFunction]) -> None:
        super().__init__(scope, "Api")
        self._environment = environment
        self.api = self._api(environment, access_logs(self, environment))
        for step, method, path in needed_routes():
            integration = apigateway.LambdaIntegration(functions[step], allow_test_invoke=False)
            added = self.api.root.resource_for_path(path).add_method(method, integration)
            for finding in ("AwsSolutions-APIG4", "AwsSolutions-COG4"):
                acknowledge(added, finding, NOT_ITS_TASK[finding])
        acknowledge(self.api, "AwsSolutions-APIG2", NOT_ITS_TASK["AwsSolutions-APIG2"])
        self._acknowledge_the_logs_role()
        if environment.api.firewall is not None:
            WebAcl(self, environment, environment.api.firewall, self.api.deployment_stage.stage_arn)
        else:
            reason = "the firewall is a setting, off here: docs/decisions/0001"
            acknowledge(self.api.deployment_stage, "AwsSolutions-APIG3", reason)

    @property
    def url(self) -> str:
        """The API's address without a final slash."""
        return f"https://{self.api.rest_api_id}.execute-api.{self._environment.region}.amazonaws.com/{STAGE}"

    @property
    def api_id(self) -> str:
        return self.api.rest_api_id

    @property
    def watched(self) -> WatchedApi:
        """Its numbers in CloudWatch."""
        dimensions = {"ApiName": self._environment.names.prefix, "Stage": STAGE}
        return WatchedApi(dimensions, client_errors="4XXError", server_errors="5XXError")

    def _api(self, environment: Environment, log_group: logs.ILogGroup) -> apigateway.RestApi:
        return apigateway.RestApi(
            self,
            "Rest",
            rest_api_name=environment.names.prefix,
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            # One role per account and region lets API Gateway write logs; it must outlive any one environment.
            cloud_watch_role=True,
            cloud_watch_role_removal_policy=cdk.RemovalPolicy.RETAIN,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE,
                throttling_rate_limit=environment.api.requests_per_second,
                throttling_burst_limit=environment.api.burst,
                metrics_enabled=True,
                logging_level=apigateway.MethodLoggingLevel.ERROR,
                data_trace_enabled=False,  # it would log whole bodies
                access_log_destination=apigateway.LogGroupLogDestination(log_group),
                access_log_format=access_log_format(route="$context.httpMethod $context.resourcePath"),
            ),
        )

    def _acknowledge_the_logs_role(self) -> None:
        role = self.api.node.find_child("CloudWatchRole")
        policy = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        acknowledge(role, f"AwsSolutions-IAM4[{policy}]", "AWS's own policy for this one purpose")


def needed_routes() -> Iterator[tuple[Step, str, str]]:
    """Step, method and path of each route that no greedy route of the same step covers."""
    for step, routes in ROUTES.items():
        greedy = [path.removesuffix(GREEDY) for _, path in routes if path.endswith(GREEDY)]
        for method, path in routes:
            if path.endswith(GREEDY) or not any(path.startswith(prefix) for prefix in greedy):
                yield step, str(method.value), path
