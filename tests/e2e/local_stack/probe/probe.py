"""The probe's functions answer what they see and fail as they are told. Deployed by the tests, never imported."""
# ruff: noqa: INP001 — the root of a function's zip, not a package

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from typing import Any

import boto3

invocations = 0
EMBEDDED_METRIC = {
    "_aws": {
        "Timestamp": 0,
        "CloudWatchMetrics": [
            {"Namespace": "Probe", "Dimensions": [["step"]], "Metrics": [{"Name": "Seen", "Unit": "Count"}]}
        ],
    },
    "step": "web",
    "Seen": [1, 2],
}
Event = dict[str, Any]


def web(event: Event, context: Any) -> Event:
    """Behind the HTTP API: each path shows or does something."""
    global invocations  # noqa: PLW0603 — this is how one sees that an environment is used again
    invocations += 1
    path = event["rawPath"]
    if path == "/fail":
        raise RuntimeError("a secret detail of the function")
    if path == "/sleep":
        print("sleeping")  # noqa: T201 — into the function's log
        time.sleep(float(event["queryStringParameters"]["seconds"]))
    if path == "/metric":
        print(json.dumps(EMBEDDED_METRIC))  # noqa: T201 — into the function's log
    if path == "/put":
        boto3.client("dynamodb").put_item(TableName=os.environ["PROBE_TABLE"], Item={"id": {"S": "put"}})
    if path == "/environment":
        return answer(dict(os.environ) | {"path": sys.path})
    if path == "/imports":
        names = ("probe_layer", "boto3", "awslambdaric", "functions", "postcall", "tools", "infra", "ministack")
        return answer({name: importlib.util.find_spec(name) is not None for name in names})
    seen = {"event": event, "pid": os.getpid(), "invocations": invocations, "name": context.function_name}
    return answer(seen | {"setting": os.environ["PROBE_SETTING"]})


def consume(event: Event, _context: object) -> object:
    """Behind the queue: counts each delivery, and answers what the first message of the batch says."""
    table = boto3.client("dynamodb")
    orders = [json.loads(record["body"]) | {"message": record["messageId"]} for record in event["Records"]]
    for order in orders:
        table.update_item(
            TableName=os.environ["PROBE_TABLE"],
            Key={"id": {"S": order["id"]}},
            UpdateExpression="ADD deliveries :one SET message = :message",
            ExpressionAttributeValues={":one": {"N": "1"}, ":message": {"S": order["message"]}},
        )
    if "answer" in orders[0]:
        return orders[0]["answer"]
    failed = [order["message"] for order in orders if order.get("fail")]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failed]}


def answer(body: object) -> Event:
    """A function's HTTP answer."""
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
