"""The alarms themselves: told to one topic, each described by its symptom and the runbook that says what to do."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.environments import Environment
from infra.parts.watches import Watch


class Alarms(Construct):
    """All of an environment's."""

    def __init__(self, scope: Construct, environment: Environment, topic: sns.ITopic, watched: list[Watch]) -> None:
        super().__init__(scope, "Alarms")
        self.all = [self._alarm(environment, topic, watch) for watch in watched]

    def _alarm(self, environment: Environment, topic: sns.ITopic, watch: Watch) -> cloudwatch.Alarm:
        word = "-".join(filter(None, [watch.word, watch.place]))
        silent = watch.silence_rings
        reached = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        alarm = cloudwatch.Alarm(
            self,
            "".join(part.capitalize() for part in word.split("-")),
            alarm_name=environment.names.alarm(word),
            alarm_description=f"{watch.symptom}. See docs/runbooks/{watch.word}.md",
            metric=watch.metric,
            threshold=watch.threshold,
            evaluation_periods=watch.periods,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD if silent else reached,
            treat_missing_data=(
                cloudwatch.TreatMissingData.BREACHING if silent else cloudwatch.TreatMissingData.NOT_BREACHING
            ),
        )
        tell = actions.SnsAction(topic)
        alarm.add_alarm_action(tell)
        alarm.add_ok_action(tell)
        return alarm
