"""The AWS clients: one session a process, made when first asked for, so that importing a handler costs no client."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient

# Short time-outs, few tries: a slow answer must fail inside the function's time-out, and the queue retries anyway.
_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session()


@cache
def dynamodb() -> DynamoDBClient:
    """DynamoDB's client."""
    return _session().client("dynamodb", config=_CONFIG)


@cache
def sqs() -> SQSClient:
    """SQS's client."""
    return _session().client("sqs", config=_CONFIG)


@cache
def s3() -> S3Client:
    """S3's client, by path: the local emulator has no bucket host names."""
    return _session().client("s3", config=_CONFIG.merge(Config(s3={"addressing_style": "path"})))


@cache
def secrets_manager() -> SecretsManagerClient:
    """Secrets Manager's client."""
    return _session().client("secretsmanager", config=_CONFIG)


@cache
def functions() -> LambdaClient:
    """Lambda's client: a command to another step may take as long as that step's time-out, and is never repeated."""
    patient = Config(read_timeout=25, retries={"total_max_attempts": 1})
    return _session().client("lambda", config=_CONFIG.merge(patient))


def forget() -> None:
    """Drop all clients: for tests, whose AWS changes under them."""
    for client in (_session, dynamodb, sqs, s3, secrets_manager, functions):
        client.cache_clear()
