"""The webhook's URL: the API itself, without routes and stages, and a domain of one's own where there is one.

Its id is the URL, and the URL stands at ElevenLabs and in people's settings; so it has the Elastic IP's lifetime, and
the pipeline, which brings routes and functions, may be destroyed and come back behind the same address.
"""

from __future__ import annotations

from typing import Final

from aws_cdk import aws_apigateway as rest
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.environments import Environment
from infra.resources.acknowledgment import acknowledge
from infra.resources.api import CONSOLE_PATH, STAGE, WEBHOOK_PATH
from infra.resources.tables import removal
from infra.stacks.base import PostcallStack

LOGS_POLICY: Final = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"


class ApiStack(PostcallStack):
    """`http_api` or `rest_api`, as the environment's kind is; `domain` where the environment has one.

    `console_url` is the console's address for other stacks: of the API's id, which they take already.
    """

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(
            scope, "api", environment, description="Postcall: the address that webhooks are sent to", protected=True
        )
        self.http_api: http.HttpApi | None = None
        self.rest_api: rest.CfnRestApi | None = None
        if environment.api.kind == "rest":
            self.rest_api = self._rest_api(environment)
        else:
            self.http_api = self._http_api(environment)
        self.domain = self._domain(environment)
        url, api_id = self._url_and_id(environment)
        self.console_url = f"{self._own(environment) or self._url_of(api_id, environment)}{CONSOLE_PATH}"
        self._outputs(url, api_id)

    def _http_api(self, environment: Environment) -> http.HttpApi:
        api = http.HttpApi(
            self,
            "Http",
            api_name=environment.names.prefix,
            create_default_stage=False,
        )
        api.apply_removal_policy(removal(protected=True))
        return api

    def _rest_api(self, environment: Environment) -> rest.CfnRestApi:
        """An L1: the construct above it refuses an API that has no methods yet."""
        api = rest.CfnRestApi(
            self,
            "Rest",
            name=environment.names.prefix,
            endpoint_configuration=rest.CfnRestApi.EndpointConfigurationProperty(types=["REGIONAL"]),
        )
        api.apply_removal_policy(removal(protected=True))
        reason = "the function validates what it reads: a webhook's signature covers the raw body"
        acknowledge(api, "AwsSolutions-APIG2", reason)
        self._logs_role()
        return api

    def _logs_role(self) -> None:
        """One role per account and region lets API Gateway write logs; it must outlive any one environment."""
        policy = iam.ManagedPolicy.from_aws_managed_policy_name(LOGS_POLICY)
        principal = iam.ServicePrincipal("apigateway.amazonaws.com")
        role = iam.Role(self, "LogsRole", assumed_by=principal, managed_policies=[policy])
        role.apply_removal_policy(removal(protected=True))
        rule = f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{LOGS_POLICY}]"
        acknowledge(role, rule, "AWS's own policy for this one purpose")
        account = rest.CfnAccount(self, "Account", cloud_watch_role_arn=role.role_arn)
        account.apply_removal_policy(removal(protected=True))

    def _domain(self, environment: Environment) -> http.DomainName | None:
        """The domain name; its DNS record points at the output's target."""
        settings = environment.api
        if settings.domain is None or settings.certificate_arn is None:
            return None
        certificate = certificates.Certificate.from_certificate_arn(self, "Certificate", settings.certificate_arn)
        domain = http.DomainName(self, "Domain", domain_name=settings.domain, certificate=certificate)
        self.output("DomainTarget", domain.regional_domain_name, f"For the DNS record of {settings.domain} (CNAME)")
        return domain

    def _outputs(self, url: str, api_id: str) -> None:
        self.output("ApiId", api_id, "The API's identifier")
        self.output("ApiUrl", url, "The API's address")
        self.output("WebhookUrl", f"{url}{WEBHOOK_PATH}", "For ElevenLabs: the post-call webhook")
        self.output("ConsoleUrl", f"{url}{CONSOLE_PATH}", "For operators")

    def _url_and_id(self, environment: Environment) -> tuple[str, str]:
        """The address without a final slash, and the API's identifier."""
        own = self._own(environment)
        if self.http_api is not None:
            return own or self.http_api.api_endpoint, self.http_api.api_id
        if self.rest_api is None:
            raise AssertionError  # the stack holds one of the two
        return own or self._url_of(self.rest_api.ref, environment), self.rest_api.ref

    def _own(self, environment: Environment) -> str | None:
        return None if environment.api.domain is None else f"https://{environment.api.domain}"

    def _url_of(self, api_id: str, environment: Environment) -> str:
        stage = "" if self.rest_api is None else f"/{STAGE}"
        return f"https://{api_id}.execute-api.{environment.region}.amazonaws.com{stage}"
