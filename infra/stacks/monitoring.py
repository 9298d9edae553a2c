"""Who looks at it, and when: the alarms with their topic, the dashboard, and the budget."""

from collections.abc import Mapping

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.environments import Environment
from infra.resources.alarm_specs import alarm_specs
from infra.resources.alarm_topic import AlarmTopic
from infra.resources.alarms import Alarms
from infra.resources.budget import MonthlyBudget
from infra.resources.dashboard import Dashboard
from infra.resources.metrics import ApiMetrics
from infra.stacks.base import PostcallStack


class MonitoringStack(PostcallStack):
    """`nat_gateways` are gateway ids by availability zone."""

    def __init__(
        self,
        scope: Construct,
        environment: Environment,
        *,
        key: kms.IKey,
        api: ApiMetrics,
        console_url: str,
        nat_gateways: Mapping[str, str],
    ) -> None:
        super().__init__(
            scope, "monitoring", environment, description="Postcall: alarms, dashboard, budget", protected=False
        )
        topic = AlarmTopic(self, environment, key).topic
        specs = alarm_specs(environment, api, nat_gateways)
        alarms = Alarms(self, environment, topic, specs, console_url=console_url)
        Dashboard(self, environment, api, alarms.all)
        if environment.monitoring.budget_usd is not None:
            MonthlyBudget(self, environment, environment.monitoring.budget_usd, topic.topic_arn)
        self.output("AlarmTopicArn", topic.topic_arn, "Subscribe here to hear the alarms")
