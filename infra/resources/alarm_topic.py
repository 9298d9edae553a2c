"""The topic that alarms speak to: encrypted, TLS only, and open to the two services that publish alarms.

The environment's key lets CloudWatch and Budgets use it (see the data stack). A topic with a policy of its own loses
the default one, so both services are named here as well: without that an alarm would ring and nobody would hear it.
"""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.environments import Environment

PUBLISHERS = ("cloudwatch.amazonaws.com", "budgets.amazonaws.com")


class AlarmTopic(Construct):
    """Our own topic, or the one that the environment names."""

    def __init__(self, scope: Construct, environment: Environment, key: kms.IKey) -> None:
        super().__init__(scope, "AlarmTopic")
        own = environment.monitoring.topic_arn
        self.topic: sns.ITopic = self._made(environment, key) if own is None else self._named(own)
        for email in environment.monitoring.emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))

    def _named(self, arn: str) -> sns.ITopic:
        return sns.Topic.from_topic_arn(self, "Topic", arn)

    def _made(self, environment: Environment, key: kms.IKey) -> sns.Topic:
        topic = sns.Topic(
            self, "Topic", topic_name=f"{environment.names.prefix}-alarms", master_key=key, enforce_ssl=True
        )
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayPublish",
                principals=[iam.ServicePrincipal(publisher) for publisher in PUBLISHERS],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": environment.account}},
            )
        )
        return topic
