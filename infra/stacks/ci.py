"""Who may deploy from GitHub: two roles that a workflow takes for an hour by its own token; no key is kept there.

It is deployed by hand, once per environment, before the first workflow runs, and has an entry of its own
(`infra.ci_app`): what may deploy must not be deployed by what it allows.
"""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.environments import Environment
from infra.environments.sections import GitHub
from infra.stacks.base import PostcallStack

ISSUER: Final = "token.actions.githubusercontent.com"
AUDIENCE: Final = "sts.amazonaws.com"
# The bootstrap stack's roles: CloudFormation itself runs with a further one, which only the deploy role may pass on.
LOOKUP: Final = "lookup"
DEPLOYING: Final = ("deploy", "file-publishing", LOOKUP)


class CiStack(PostcallStack):
    def __init__(self, scope: Construct, environment: Environment, github: GitHub) -> None:
        super().__init__(scope, "ci", environment, description="Postcall: who may deploy from GitHub", protected=True)
        self._environment = environment
        self._repository = github.repository
        self._provider_arn = self._provider(github)
        diff = self._role("diff", "pull_request", (LOOKUP,), "Compares templates on a pull request: reads, no more")
        deploy = self._role(
            "deploy", f"environment:{environment.name}", DEPLOYING, "Deploys after the environment's approval"
        )
        self.output("DiffRoleArn", diff.role_arn, "For the repository's variable of the diff")
        self.output("DeployRoleArn", deploy.role_arn, "For the variable of the GitHub environment")

    def _provider(self, github: GitHub) -> str:
        if github.provider == "existing":
            return f"arn:aws:iam::{self._environment.account}:oidc-provider/{ISSUER}"
        provider = iam.OidcProviderNative(
            self,
            "GitHub",
            url=f"https://{ISSUER}",
            client_ids=[AUDIENCE],
            removal_policy=cdk.RemovalPolicy.RETAIN,  # other roles of the account may trust it by then
        )
        return provider.oidc_provider_arn

    def _role(self, name: str, subject: str, bootstrap_roles: tuple[str, ...], description: str) -> iam.Role:
        """A role for tokens with exactly this subject; what it may do is to take some of the bootstrap's roles."""
        names = self._environment.names
        take = iam.PolicyStatement(
            actions=["sts:AssumeRole"], resources=[self._bootstrap_role(each) for each in bootstrap_roles]
        )
        return iam.Role(
            self,
            f"{name.capitalize()}Role",
            role_name=f"{names.prefix}-github-{name}",
            description=description,
            max_session_duration=cdk.Duration.hours(1),
            assumed_by=iam.WebIdentityPrincipal(
                self._provider_arn,
                {"StringEquals": {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": f"repo:{self._repository}:{subject}"}},
            ),
            inline_policies={"TakeBootstrapRoles": iam.PolicyDocument(statements=[take])},
        )

    def _bootstrap_role(self, name: str) -> str:
        account, region = self._environment.account, self._environment.region
        qualifier = self._environment.bootstrap_qualifier
        return f"arn:aws:iam::{account}:role/cdk-{qualifier}-{name}-role-{account}-{region}"
