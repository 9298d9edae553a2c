"""The numbers we watch: our own, counted by the functions, and those AWS keeps about queues, functions and the way out.

Our own have one dimension, the step that counts: each further one would be billed as another metric. The environment is
in their namespace, so that UAT and prod in one account do not add up to one number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.names import Names, QueueName, Step

FIVE_MINUTES: Final = cdk.Duration.minutes(5)
COUNTED_BY: Final[dict[str, Step]] = {
    "EventsReceived": "intake",
    "EventsDuplicate": "intake",
    "EventsIgnored": "intake",
    "EventsExcluded": "intake",
    "CallsSuperseded": "intake",
    "EventsRevised": "intake",
    "SignatureRejected": "intake",
    "VendorRefused": "intake",
    "WebhookSecretUnusable": "intake",
    "EventsOfUnknownType": "intake",
    "QuarantineEntries": "intake",
    "QuarantineForgeable": "intake",
    "QuarantineOverflow": "intake",
    "AnalysesDone": "analysis",
    "AnalysesOffline": "analysis",
    "ModelOutOfCredit": "analysis",
    "ModelMisconfigured": "analysis",
    "ModelUnavailable": "analysis",
    "LeadsDelivered": "dispatch",
    "LeadsPartial": "dispatch",
    "LeadsRejected": "dispatch",
    "LeadsDryRun": "dispatch",
    "LeadsDisabled": "dispatch",
    "OutcomesUnknown": "dispatch",
    "CrmUnavailable": "dispatch",
    "CrmBreakerOpened": "dispatch",
    "EventsStalled": "reconciliation",
    "EventsNotEscalated": "reconciliation",
    "EventsSweptAgain": "reconciliation",
    "ReconcileRuns": "reconciliation",
    "CallsMissed": "reconciliation",
    "CallsNotFetched": "reconciliation",
    "ElevenLabsUnavailable": "reconciliation",
    "LedgerDifference": "reconciliation",
    "WebhookDisabled": "reconciliation",
    "WebhookRetriesOff": "reconciliation",
    "ErasedDataFound": "reconciliation",
    "ErasuresUnchecked": "reconciliation",
    "EventsResent": "operations",
    "EventsErased": "operations",
    "OutcomesResolved": "operations",
    "TokensRefused": "operations",
}


@dataclass(frozen=True)
class ApiMetrics:
    """What the two kinds of API call themselves and their errors in CloudWatch."""

    dimensions: Mapping[str, str]
    client_errors: Literal["4xx", "4XXError"]
    server_errors: Literal["5xx", "5XXError"]


def counted(
    names: Names, name: str, period: cdk.Duration = FIVE_MINUTES, *, by: Step | None = None
) -> cloudwatch.Metric:
    """One of our own counts, summed over the period; `by` names the step where more than one counts it."""
    return _metric(names.metrics_namespace, name, "Sum", {"service": by or COUNTED_BY[name]}, period)


def failed_records(names: Names, name: QueueName) -> cloudwatch.Metric:
    """Messages that met a bug: the batch answers for them, so Lambda counts no error."""
    return _metric(names.metrics_namespace, "RecordsFailed", "Sum", {"service": name})


def of_function(
    names: Names, step: Step, name: str, statistic: str = "Sum", period: cdk.Duration = FIVE_MINUTES
) -> cloudwatch.Metric:
    return _metric("AWS/Lambda", name, statistic, {"FunctionName": names.function(step)}, period)


def of_all_functions(name: str) -> cloudwatch.Metric:
    """Over the whole account: throttling comes from the account's pool of concurrent executions."""
    return _metric("AWS/Lambda", name, "Sum", {})


def of_queue(queue_name: str, name: str, statistic: str = "Maximum") -> cloudwatch.Metric:
    return _metric("AWS/SQS", name, statistic, {"QueueName": queue_name})


def waiting(names: Names, name: QueueName) -> cloudwatch.Metric:
    return of_queue(names.queue(name), "ApproximateNumberOfMessagesVisible")


def abandoned(names: Names, name: QueueName) -> cloudwatch.Metric:
    return of_queue(names.dead_letters(name), "ApproximateNumberOfMessagesVisible")


def of_api(api: ApiMetrics, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
    return _metric("AWS/ApiGateway", name, statistic, api.dimensions)


def turned_away(names: Names, region: str, rule: str) -> cloudwatch.Metric:
    """Requests that a rule of the firewall blocked."""
    dimensions = {"WebACL": names.prefix, "Rule": rule, "Region": region}
    return _metric("AWS/WAFV2", "BlockedRequests", "Sum", dimensions)


def of_nat_gateway(gateway_id: str, name: str) -> cloudwatch.Metric:
    return _metric("AWS/NATGateway", name, "Sum", {"NatGatewayId": gateway_id})


def _metric(
    namespace: str, name: str, statistic: str, dimensions: Mapping[str, str], period: cdk.Duration = FIVE_MINUTES
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace, metric_name=name, statistic=statistic, dimensions_map=dimensions, period=period
    )
