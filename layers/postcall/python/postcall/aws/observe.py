"""Logs and metrics: JSON lines and EMF through Powertools, one service name a step, never personal data.

Each step's handler calls `logger()` and `metrics()`; the service's name comes from `POWERTOOLS_SERVICE_NAME`.
"""

from __future__ import annotations

import logging
from functools import cache

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

# What no line of ours tells is not looked up for each one ("Optimization" in the documentation of `logging`).
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


@cache
def logger() -> Logger:
    """The step's logger: one JSON object a line."""
    return Logger(utc=True)


@cache
def metrics() -> Metrics:
    """The step's metrics, flushed by `flush_metrics` at the end of an invocation."""
    return Metrics()


def count(name: str, number: int = 1) -> None:
    """Add to one of the metrics that docs/operations.md lists."""
    metrics().add_metric(name=name, unit=MetricUnit.Count, value=number)


def flush_metrics() -> None:
    """Write what was counted in this invocation as one EMF line; nothing when nothing was counted."""
    if metrics().metric_set:
        metrics().flush_metrics()
