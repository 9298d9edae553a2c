"""Restores metrics: a log line in the Embedded Metric Format is one, and queues report their depth and age.

Source: CloudWatch's user guide, "Embedded metric format specification"; SQS's "Available CloudWatch metrics". AWS
reports the queues' once a minute, here it is each few seconds so that an alarm can be watched locally.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import contextvars
import json
import logging
import threading
import time
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, _request_account_id, _request_region
from ministack.services import cloudwatch, sqs

from tools.local.emulator.fixes.queue_lock import LOCK

REPORT_SECONDS = 5.0
_watched: contextvars.ContextVar[str | None] = contextvars.ContextVar("watched", default=None)
logger = logging.getLogger("metrics")


def install() -> None:
    """Report the queues from a thread of its own, and evaluate the alarms each time."""
    _let_alarms_see_dimensions()
    threading.Thread(target=_report_forever, daemon=True, name="queue-metrics").start()


def record_embedded(line: str, *, account: str, region: str) -> None:
    """Record the metrics that a function's log line carries, if it carries any."""
    if '"CloudWatchMetrics"' not in line:
        return
    try:
        document = json.loads(line)
        directives = document["_aws"]["CloudWatchMetrics"]
    except (ValueError, KeyError, TypeError):
        return
    _in_scope(account, region)
    for directive in directives:
        for names in directive.get("Dimensions") or [[]]:
            dimensions = {name: str(document[name]) for name in names if name in document}
            for metric in directive["Metrics"]:
                _record(directive["Namespace"], metric, document, dimensions)


def _record(namespace: str, metric: dict[str, str], document: dict[str, Any], dimensions: dict[str, str]) -> None:
    values = document.get(metric["Name"], [])
    for value in values if isinstance(values, list) else [values]:
        cloudwatch.record_metric(namespace, metric["Name"], value, metric.get("Unit", "None"), dimensions)


def _report_forever() -> None:
    while True:
        time.sleep(REPORT_SECONDS)
        try:
            _report_queues()
        except Exception:
            logger.exception("The queues' metrics could not be recorded")


def _report_queues() -> None:
    scopes = set()
    for (account, region, _url), queue in sqs._queues.all_items():
        scopes.add((account, region))
        _in_scope(account, region)
        for name, value in _measured(queue).items():
            cloudwatch.record_metric("AWS/SQS", name, value, "Count", {"QueueName": queue["name"]})
    for account, region in scopes:
        _in_scope(account, region)
        cloudwatch._evaluate_all_alarms()


def _measured(queue: dict[str, Any]) -> dict[str, float]:
    now = time.time()
    with LOCK:
        visible = [message for message in queue["messages"] if message["visible_at"] <= now]
        oldest = min((message["sent_at"] for message in queue["messages"]), default=now)
        return {
            "ApproximateNumberOfMessagesVisible": len(visible),
            "ApproximateNumberOfMessagesNotVisible": len(queue["messages"]) - len(visible),
            "ApproximateAgeOfOldestMessage": now - oldest,
        }


def _in_scope(account: str, region: str) -> None:
    _request_account_id.set(account)
    _request_region.set(region)


class _WatchedMetrics(AccountRegionScopedDict):  # type: ignore[misc]  # ministack has no types
    """The metrics; while an alarm is evaluated, only those with its dimensions."""

    def items(self) -> list[Any]:
        watched = _watched.get()
        return [item for item in super().items() if watched is None or item[0][2] == watched]


def _let_alarms_see_dimensions() -> None:
    """Without this an alarm adds up all queues' depths and rings for another queue."""
    evaluate = cloudwatch._evaluate_alarm

    def evaluate_own(alarm: dict[str, Any]) -> None:
        token = _watched.set(cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or [])))
        try:
            evaluate(alarm)
        finally:
            _watched.reset(token)

    cloudwatch._metrics = _WatchedMetrics()
    cloudwatch._evaluate_alarm = evaluate_own
