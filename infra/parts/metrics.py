"""The numbers we watch: our own, counted by the functions, and those AWS keeps about queues, functions and the way out.

Our own have one dimension, the step that counts: each further one would be billed as another metric.
"""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.names import METRICS_NAMESPACE, Names, QueueWord, Step

FIVE_MINUTES: Final = cdk.Duration.minutes(5)
COUNTED_BY: Final[dict[str, Step]] = {
    "EventsReceived": "intake",
    "EventsDuplicate": "intake",
    "EventsIgnored": "intake",
    "SignatureRejected": "intake",
    "AnalysesDone": "analysis",
    "AnalysesOffline": "analysis",
    "ModelOutOfCredit": "analysis",
    "ModelUnavailable": "analysis",
    "LeadsDelivered": "dispatch",
    "LeadsPartial": "dispatch",
    "LeadsRejected": "dispatch",
    "OutcomesUnknown": "dispatch",
    "CrmUnavailable": "dispatch",
    "CrmBreakerOpened": "dispatch",
    "EventsStuck": "reconciliation",
    "EventsSweptAgain": "reconciliation",
    "EventsResent": "operations",
}


def counted(name: str, period: cdk.Duration = FIVE_MINUTES) -> cloudwatch.Metric:
    """One of our own counts, summed over the period."""
    return _metric(METRICS_NAMESPACE, name, "Sum", {"service": COUNTED_BY[name]}, period)


def of_function(
    names: Names, step: Step, name: str, statistic: str = "Sum", period: cdk.Duration = FIVE_MINUTES
) -> cloudwatch.Metric:
    return _metric("AWS/Lambda", name, statistic, {"FunctionName": names.function(step)}, period)


def of_all_functions(name: str) -> cloudwatch.Metric:
    """Over the whole account: throttling comes from the account's pool of concurrent executions."""
    return _metric("AWS/Lambda", name, "Sum", {})


def of_queue(queue_name: str, name: str, statistic: str = "Maximum") -> cloudwatch.Metric:
    return _metric("AWS/SQS", name, statistic, {"QueueName": queue_name})


def waiting(names: Names, word: QueueWord) -> cloudwatch.Metric:
    return of_queue(names.queue(word), "ApproximateNumberOfMessagesVisible")


def given_up(names: Names, word: QueueWord) -> cloudwatch.Metric:
    return of_queue(names.dead_letters(word), "ApproximateNumberOfMessagesVisible")


def of_api(api_id: str, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
    return _metric("AWS/ApiGateway", name, statistic, {"ApiId": api_id})


def of_nat_gateway(gateway_id: str, name: str) -> cloudwatch.Metric:
    return _metric("AWS/NATGateway", name, "Sum", {"NatGatewayId": gateway_id})


def _metric(
    namespace: str, name: str, statistic: str, dimensions: dict[str, str], period: cdk.Duration = FIVE_MINUTES
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace, metric_name=name, statistic=statistic, dimensions_map=dimensions, period=period
    )
