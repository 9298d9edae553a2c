"""The AWS clients: one session a process, made when first asked for, so that importing a handler costs no client.

They come from botocore, as boto3's own do: what boto3 adds (resources, transfers) no step uses, and importing it would
cost a tenth of a cold start.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.session import Session

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient

# Short time-outs, few tries: a slow answer must fail inside the function's time-out, and the queue retries anyway.
_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})


@cache
def _session() -> Session:
    return Session()


def _client(service: str, more: Config | None = None) -> Any:  # noqa: ANN401 — the stubs know no client's type by its name
    return _session().create_client(service, config=_CONFIG if more is None else _CONFIG.merge(more))


@cache
def dynamodb() -> DynamoDBClient:
    """DynamoDB's client."""
    return cast("DynamoDBClient", _client("dynamodb"))


@cache
def sqs() -> SQSClient:
    """SQS's client."""
    return cast("SQSClient", _client("sqs"))


@cache
def s3() -> S3Client:
    """S3's client, by path: the local emulator has no bucket host names."""
    return cast("S3Client", _client("s3", Config(s3={"addressing_style": "path"})))


@cache
def secrets_manager() -> SecretsManagerClient:
    """Secrets Manager's client."""
    return cast("SecretsManagerClient", _client("secretsmanager"))


@cache
def functions() -> LambdaClient:
    """Lambda's client: a command to another step may take as long as that step's time-out, and is never repeated."""
    return cast("LambdaClient", _client("lambda", Config(read_timeout=25, retries={"total_max_attempts": 1})))


def forget() -> None:
    """Drop all clients: for tests, whose AWS changes under them."""
    for client in (_session, dynamodb, sqs, s3, secrets_manager, functions):
        client.cache_clear()
