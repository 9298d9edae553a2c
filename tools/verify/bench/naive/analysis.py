"""A queue worker that asks a model, with everything at import."""

from __future__ import annotations

from typing import Any

import boto3
import openai
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.parser import parse
from aws_lambda_powertools.utilities.typing import LambdaContext

from tools.verify.bench.naive.models import Webhook

logger = Logger(service="analysis")
metrics = Metrics(namespace="Postcall", service="analysis")
processor = BatchProcessor(event_type=EventType.SQS)
dynamodb = boto3.resource("dynamodb", region_name="eu-central-1")
sqs = boto3.client("sqs", region_name="eu-central-1")
s3 = boto3.client("s3", region_name="eu-central-1")
secrets = parameters.SecretsProvider()
client = openai.OpenAI(api_key="invented")
chat = client.chat.completions


def serve(record: SQSRecord) -> None:
    """Judge one call."""
    webhook = parse(event=record.json_body, model=Webhook)
    chat.create(model="model", messages=[{"role": "user", "content": webhook.model_dump_json()}])


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> object:
    """Serve a batch."""
    return process_partial_response(event=event, record_handler=serve, processor=processor, context=context)
