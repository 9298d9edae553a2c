"""The alarms themselves: told to one topic, each described by its symptom and the runbook that says what to do.

The runbook is a link into the console, and its file's name beside it, for whoever wakes while the console is down.
"""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.environments import Environment
from infra.names import camel_case
from infra.resources.alarm_spec import AlarmSpec


class Alarms(Construct):
    """All of an environment's."""

    def __init__(
        self,
        scope: Construct,
        environment: Environment,
        topic: sns.ITopic,
        specs: list[AlarmSpec],
        *,
        console_url: str,
    ) -> None:
        super().__init__(scope, "Alarms")
        self._console_url = console_url
        self.all = [self._alarm(environment, topic, spec) for spec in specs]

    def _alarm(self, environment: Environment, topic: sns.ITopic, spec: AlarmSpec) -> cloudwatch.Alarm:
        name = "-".join(filter(None, [spec.name, spec.suffix]))
        page = f"{self._console_url}#/runbook/{spec.name}"
        silent = spec.alarm_on_missing_data
        reached = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        alarm = cloudwatch.Alarm(
            self,
            camel_case(name),
            alarm_name=environment.names.alarm(name),
            alarm_description=f"{spec.symptom}. See {page} or docs/runbooks/{spec.name}.md",
            metric=spec.metric,
            threshold=spec.threshold,
            evaluation_periods=spec.periods,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD if silent else reached,
            treat_missing_data=(
                cloudwatch.TreatMissingData.BREACHING if silent else cloudwatch.TreatMissingData.NOT_BREACHING
            ),
        )
        tell = actions.SnsAction(topic)
        alarm.add_alarm_action(tell)
        alarm.add_ok_action(tell)
        return alarm
