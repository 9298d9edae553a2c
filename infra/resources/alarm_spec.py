"""One alarm, as data: its word is also its runbook's name."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch


@dataclass(frozen=True)
class AlarmSpec:
    """One alarm: it rings when the metric reaches the threshold in each of `periods` periods running.

    `alarm_on_missing_data` turns it round: it rings while the metric stays below the threshold or is missing. `suffix`
    tells several alarms of one name (and one runbook) apart.
    """

    name: str
    symptom: str
    metric: cloudwatch.IMetric
    threshold: float = 1
    periods: int = 1
    alarm_on_missing_data: bool = False
    suffix: str = ""
