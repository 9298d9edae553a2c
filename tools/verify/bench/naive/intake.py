"""A webhook receiver with resources, full models and the whole toolbox at import."""

from __future__ import annotations

from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parser import BaseModel, parse
from aws_lambda_powertools.utilities.typing import LambdaContext

from tools.verify.bench.naive.models import Webhook

logger = Logger(service="intake")
metrics = Metrics(namespace="Postcall", service="intake")
app = APIGatewayHttpResolver(enable_validation=True)
table = boto3.resource("dynamodb", region_name="eu-central-1").Table("webhook_events")
sqs = boto3.client("sqs", region_name="eu-central-1")
s3 = boto3.client("s3", region_name="eu-central-1")
secrets = parameters.SecretsProvider()


class Answer(BaseModel):
    """What the sender is told."""

    event_id: str
    status: str


@app.post("/webhooks/elevenlabs")
def receive() -> dict[str, Any]:
    """Store a call."""
    webhook = parse(event=app.current_event.json_body, model=Webhook)
    table.put_item(
        Item={"event_id": webhook.data.conversation_id}, ConditionExpression="attribute_not_exists(event_id)"
    )
    return Answer(event_id=webhook.data.conversation_id, status="received").model_dump()


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Serve one request."""
    return app.resolve(event, context)
