"""Clients of the emulated AWS. They refuse any endpoint but loopback: nothing local may reach a real account."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from pathlib import Path

    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient

ACCOUNT = "000000000000"
REGION = "eu-central-1"


class NotLoopbackError(ValueError):
    """The endpoint is not on this machine."""


class EmulatedAws:
    """Clients for one endpoint, with credentials that open nothing elsewhere."""

    def __init__(
        self, endpoint_url: str, region: str = REGION, *, certificate: Path | None = None, account: str = ACCOUNT
    ) -> None:
        """`certificate` is the one to trust under TLS. Raises `NotLoopbackError`."""
        require_loopback(endpoint_url)
        self.endpoint_url = endpoint_url
        self.region = region
        self._session = botocore.session.get_session()  # boto3 adds a quarter of a second of imports
        self._options: dict[str, Any] = {
            "region_name": region,
            "endpoint_url": endpoint_url,
            "aws_access_key_id": account,  # twelve digits are an account of their own
            "aws_secret_access_key": "local",  # opens nothing
            "verify": str(certificate) if certificate else None,
            "config": Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                proxies={},
            ),
        }
        self._clients: dict[str, Any] = {}

    def cloudformation(self) -> CloudFormationClient:
        """CloudFormation."""
        client: CloudFormationClient = self.client("cloudformation")
        return client

    def s3(self) -> S3Client:
        """S3."""
        client: S3Client = self.client("s3")
        return client

    def dynamodb(self) -> DynamoDBClient:
        """DynamoDB."""
        client: DynamoDBClient = self.client("dynamodb")
        return client

    def sqs(self) -> SQSClient:
        """SQS."""
        client: SQSClient = self.client("sqs")
        return client

    def secrets_manager(self) -> SecretsManagerClient:
        """Secrets Manager."""
        client: SecretsManagerClient = self.client("secretsmanager")
        return client

    def functions(self) -> LambdaClient:
        """Lambda."""
        client: LambdaClient = self.client("lambda")
        return client

    def client(self, service: str) -> Any:  # noqa: ANN401 — for services that are not worth their types
        """Any service; its client is made once."""
        if service not in self._clients:
            self._clients[service] = self._session.create_client(service, **self._options)
        return self._clients[service]


def require_loopback(url: str) -> None:
    """Take only a URL whose host is an address of this machine alone.

    Raises:
        NotLoopbackError: It is another.
    """
    host = urlsplit(url).hostname or ""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if not local:
        raise NotLoopbackError(f"'{url}' is not on this machine: the local stack is deployed to loopback only.")
