"""One step of a call's way as a Lambda function: its own code, its own role. Its log group lies with the data."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.environments import Environment
from infra.environments.sections import LOG_DAYS
from infra.names import Step
from infra.resources.acknowledgment import acknowledge
from infra.resources.canary import CanaryDeployment
from infra.resources.layers import Layers, architecture, runtime
from infra.resources.own_code import step_code
from infra.resources.permissions import Grant


class Subnets:
    """Where a function lives that must leave through the static address."""

    def __init__(self, vpc: ec2.IVpc, selection: ec2.SubnetSelection, security_group: ec2.ISecurityGroup) -> None:
        self.vpc, self.selection, self.security_group = vpc, selection, security_group


class StepFunction(Construct):
    """`invoked` is what event sources call: the function, or its live version for a snapshot or a canary."""

    def __init__(
        self,
        scope: Construct,
        step: Step,
        environment: Environment,
        *,
        layers: Layers,
        variables: dict[str, str],
        grants: list[Grant],
        subnets: Subnets | None = None,
    ) -> None:
        super().__init__(scope, step.capitalize())
        size = environment.functions[step]
        snap_start = step in environment.runtime.snap_start
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=environment.names.function(step),
            runtime=runtime(environment),
            architecture=architecture(environment),
            code=step_code(step, environment),
            handler=f"functions.{step}.handler.handler",
            layers=list(layers.all),
            environment=variables,
            memory_size=size.memory_mb,
            reserved_concurrent_executions=size.concurrency,
            timeout=cdk.Duration.seconds(size.timeout_seconds),
            role=self._role(grants),
            log_group=logs.LogGroup.from_log_group_name(self, "Logs", environment.names.log_group(step)),
            logging_format=lambda_.LoggingFormat.JSON,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
            vpc=subnets.vpc if subnets else None,
            vpc_subnets=subnets.selection if subnets else None,
            security_groups=[subnets.security_group] if subnets else None,
        )
        acknowledge(
            self.function,
            "AwsSolutions-L1",
            "Python 3.13 is supported until mid 2029, no less than 3.14, and it is what the tests and the layer's "
            "compiled modules run on; the configuration's `python` changes it",
        )
        self.invoked: lambda_.IFunction = self.function
        canary = environment.canary if environment.canary and step in environment.canary.steps else None
        if snap_start or canary is not None:
            live = lambda_.Alias(self, "Live", alias_name="live", version=self.function.current_version)
            self.invoked = live
            if canary is not None:
                CanaryDeployment(self, step, environment, canary, live)

    def _role(self, grants: list[Grant]) -> iam.IRole:
        """A role with its policy inside: it is complete before the function, and an event source, needs it."""
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"WhatItDoes": iam.PolicyDocument(statements=[statement(grant) for grant in grants])},
        )
        for grant in grants:
            for resource in grant.resources:
                if "*" in resource and grant.allow:
                    acknowledge(role, f"AwsSolutions-IAM5[Resource::{resource}]", grant.reason)
        return role.without_policy_updates()


def statement(grant: Grant) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        effect=iam.Effect.ALLOW if grant.allow else iam.Effect.DENY,
        actions=list(grant.actions),
        resources=list(grant.resources),
        conditions=dict(grant.conditions) or None,
    )


def retention(days: int) -> logs.RetentionDays:
    """The CDK's word for a number of days of `LOG_DAYS`."""
    return logs.RetentionDays[LOG_DAYS[days]]
