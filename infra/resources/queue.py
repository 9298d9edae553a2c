"""A work queue with the dead letters it hands over to: neither exists without the other."""

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.environments import Environment
from infra.environments.retry import Retry
from infra.names import QueueName


class WorkQueue(Construct):
    """Encrypted, TLS only, hidden for a multiple of its function's timeout.

    The dead letters accept this queue's messages only. They name it instead of referring to it: the queue already
    refers to them, and CloudFormation takes no circle.
    """

    def __init__(self, scope: Construct, name: QueueName, environment: Environment, retry: Retry) -> None:
        super().__init__(scope, f"{name.capitalize()}Queue")
        settings, names = environment.queues, environment.names
        source = sqs.Queue.from_queue_arn(self, "Source", names.queue_arn(name))
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=names.dead_letters(name),
            retention_period=cdk.Duration.days(settings.dead_letter_days),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            redrive_allow_policy=sqs.RedriveAllowPolicy(
                redrive_permission=sqs.RedrivePermission.BY_QUEUE, source_queues=[source]
            ),
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=names.queue(name),
            retention_period=cdk.Duration.days(settings.retention_days),
            visibility_timeout=cdk.Duration.seconds(environment.visibility_seconds(name)),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=retry.max_receives, queue=self.dead_letters),
        )
