"""The clocks of reconciliation: schedules that give its function commands, with one role that can do only that."""

import json
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.environments import Environment

SPARE_SECONDS = 20  # of the function's time-out: to start, and to write down what was found
HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Schedule:
    """A command, when it is given, and for how long a late one still makes sense (in seconds)."""

    name: str
    description: str
    expression: str
    command: dict[str, Any]
    age: int


class ReconciliationSchedules(Construct):
    """A run that was missed is not repeated, because the next one does the same work."""

    def __init__(self, scope: Construct, environment: Environment, function: lambda_.IFunction) -> None:
        super().__init__(scope, "Schedules")
        role = self._role(environment, function)
        for clock in schedules(environment):
            scheduler.CfnSchedule(
                self,
                clock.name.capitalize(),
                name=f"{environment.names.prefix}-{clock.name}",
                description=clock.description,
                schedule_expression=clock.expression,
                flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
                target=scheduler.CfnSchedule.TargetProperty(
                    arn=function.function_arn,
                    role_arn=role.role_arn,
                    input=json.dumps(clock.command),
                    retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                        maximum_retry_attempts=0, maximum_event_age_in_seconds=clock.age
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


def schedules(environment: Environment) -> list[Schedule]:
    """All of them. The ledger's command names no day: then it is of yesterday, and once more of the day before."""
    settings = environment.schedules
    seconds = environment.functions["reconciliation"].timeout_seconds - SPARE_SECONDS
    return [
        Schedule(
            "sweep",
            "Send again what has stood still too long",
            every(settings.sweep_every_minutes),
            {"command": "sweep"},
            settings.sweep_every_minutes * 60,
        ),
        Schedule(
            "reconcile",
            "Fetch calls that ElevenLabs never delivered, and look at its webhook",
            every(settings.reconcile_every_minutes),
            {"command": "reconcile", "seconds": seconds},
            settings.reconcile_every_minutes * 60,
        ),
        Schedule(
            "ledger",
            "Account for each of yesterday's conversations",
            f"cron(30 {settings.ledger_hour} * * ? *)",
            {"command": "ledger", "seconds": seconds},
            HOUR_SECONDS,
        ),
        Schedule(
            "erasures",
            "Look whether anything lies below what was erased",
            f"cron(45 {settings.ledger_hour} * * ? *)",
            {"command": "erasures"},
            HOUR_SECONDS,
        ),
    ]


def every(minutes: int) -> str:
    return f"rate({minutes} minute{'s' if minutes > 1 else ''})"
