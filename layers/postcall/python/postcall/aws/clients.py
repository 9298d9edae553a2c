"""The AWS clients: made when first asked for, so that importing a handler costs no client.

They come from botocore, as boto3's own do: what boto3 adds (resources, transfers) no step uses, and importing it would
cost a tenth of a cold start.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.session import Session

from postcall.aws.connections import Connections
from postcall.aws.invocation import bound_try
from postcall.aws.json_protocol import DIRECT, speak_directly
from postcall.aws.needed_models import SERVICES, NeededModels

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient

# A slow answer must fail inside the function's time-out, and the queue retries anyway.
CONNECT_SECONDS, READ_SECONDS, TRIES = 1, 3, 2
COMMAND_SECONDS = 25  # a command to another step may take as long as that step's time-out
# botocore's standard mode waits at most so long before the second try (1 s, doubled for each one after it).
BACKOFF_SECONDS = 2 ** (TRIES - 1) - 1
WORST_CALL_SECONDS = TRIES * (CONNECT_SECONDS + READ_SECONDS) + BACKOFF_SECONDS
WORST_COMMAND_SECONDS = CONNECT_SECONDS + COMMAND_SECONDS
_CONFIG = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"total_max_attempts": TRIES, "mode": "standard"},
)


@cache
def _session() -> Session:
    """For what only some calls need."""
    return Session()


@cache
def _quick_session() -> Session:
    """For what every call needs."""
    session = Session()
    session.register_component("data_loader", NeededModels())
    return session


def _client(service: str, more: Config | None = None) -> Any:  # noqa: ANN401 — the stubs know no client's type by its name
    session = _quick_session() if service in SERVICES else _session()
    client = session.create_client(service, config=_CONFIG if more is None else _CONFIG.merge(more))
    limits: Any = client.meta.config
    bound: Any = partial(bound_try, connect=limits.connect_timeout, read=limits.read_timeout)
    client.meta.events.register("before-send", bound)
    if service in DIRECT:
        url, authorities = client.meta.endpoint_url, session.get_config_variable("ca_bundle")
        own = Connections(url, connect=CONNECT_SECONDS, read=READ_SECONDS, authorities=authorities)
        speak_directly(client, session.get_credentials(), own.send)
    return client


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
    """Lambda's client: a command is never repeated."""
    more = Config(read_timeout=COMMAND_SECONDS, retries={"total_max_attempts": 1})
    return cast("LambdaClient", _client("lambda", more))


def forget() -> None:
    """Drop all clients: for tests, whose AWS changes under them. The sessions stay: they know AWS's models."""
    for client in (dynamodb, sqs, s3, secrets_manager, functions):
        client.cache_clear()
