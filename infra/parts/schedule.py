"""The clock of reconciliation: a schedule that calls its function, with a role that can do only that."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.environments import Environment


class ReconciliationSchedule(Construct):
    """Every few minutes; a missed run is not repeated, because the next one does the same work."""

    def __init__(self, scope: Construct, environment: Environment, function: lambda_.IFunction) -> None:
        super().__init__(scope, "Schedule")
        minutes = environment.reconciliation.every_minutes
        scheduler.CfnSchedule(
            self,
            "Schedule",
            name=f"{environment.names.prefix}-reconciliation",
            description="Send again what has stood still too long",
            schedule_expression=f"rate({minutes} minute{'s' if minutes > 1 else ''})",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=function.function_arn,
                role_arn=self._role(environment, function).role_arn,
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_retry_attempts=0, maximum_event_age_in_seconds=minutes * 60
                ),
            ),
        )

    def _role(self, environment: Environment, function: lambda_.IFunction) -> iam.Role:
        call = iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn])
        caller = iam.ServicePrincipal(
            "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": environment.account}}
        )
        policy = iam.PolicyDocument(statements=[call])
        return iam.Role(self, "Role", assumed_by=caller, inline_policies={"CallReconciliation": policy})
