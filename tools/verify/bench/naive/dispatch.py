"""A queue worker that posts to the CRM, with everything at import."""

from __future__ import annotations

from typing import Any

import boto3
import httpx2
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, idempotent_function
from aws_lambda_powertools.utilities.parser import BaseModel, parse
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger(service="dispatch")
metrics = Metrics(namespace="Postcall", service="dispatch")
processor = BatchProcessor(event_type=EventType.SQS)
dynamodb = boto3.resource("dynamodb", region_name="eu-central-1")
sqs = boto3.client("sqs", region_name="eu-central-1")
layer = DynamoDBPersistenceLayer(
    table_name="idempotency", boto3_session=boto3.session.Session(region_name="eu-central-1")
)
client = httpx2.Client(timeout=30)


class Message(BaseModel):
    """A message of the queue."""

    event_id: str


@idempotent_function(data_keyword_argument="event_id", persistence_store=layer)  # type: ignore[untyped-decorator]
def send(event_id: str) -> int:
    """Send one lead."""
    return client.post("https://crm.example.com/", json={"event_id": event_id}).status_code


def serve(record: SQSRecord) -> None:
    """Serve one message."""
    send(event_id=parse(event=record.json_body, model=Message).event_id)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> object:
    """Serve a batch."""
    return process_partial_response(event=event, record_handler=serve, processor=processor, context=context)
