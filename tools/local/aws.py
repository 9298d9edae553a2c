"""Clients of the emulated AWS. They refuse any endpoint but loopback: nothing local may reach a real account."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
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
        self._session = boto3.session.Session(
            aws_access_key_id=account,  # twelve digits are an account of their own
            aws_secret_access_key="local",  # noqa: S106 — opens nothing
            region_name=region,
        )
        self._verify = str(certificate) if certificate else None
        self._config = Config(
            connect_timeout=5,
            read_timeout=60,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            proxies={},
        )

    def cloudformation(self) -> CloudFormationClient:
        """CloudFormation."""
        return self._session.client(
            "cloudformation", endpoint_url=self.endpoint_url, config=self._config, verify=self._verify
        )

    def s3(self) -> S3Client:
        """S3."""
        return self._session.client("s3", endpoint_url=self.endpoint_url, config=self._config, verify=self._verify)

    def dynamodb(self) -> DynamoDBClient:
        """DynamoDB."""
        return self._session.client(
            "dynamodb", endpoint_url=self.endpoint_url, config=self._config, verify=self._verify
        )

    def sqs(self) -> SQSClient:
        """SQS."""
        return self._session.client("sqs", endpoint_url=self.endpoint_url, config=self._config, verify=self._verify)

    def secrets_manager(self) -> SecretsManagerClient:
        """Secrets Manager."""
        return self._session.client(
            "secretsmanager", endpoint_url=self.endpoint_url, config=self._config, verify=self._verify
        )

    def functions(self) -> LambdaClient:
        """Lambda."""
        return self._session.client("lambda", endpoint_url=self.endpoint_url, config=self._config, verify=self._verify)

    def client(self, service: str) -> Any:  # noqa: ANN401 — for services that are not worth their types
        """Any other service."""
        return self._session.client(
            service,  # type: ignore[call-overload]  # any of botocore's
            endpoint_url=self.endpoint_url,
            config=self._config,
            verify=self._verify,
        )


def require_loopback(url: str) -> None:
    """Raises `NotLoopbackError` unless the URL's host is an address of this machine alone."""
    host = urlsplit(url).hostname or ""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if not local:
        raise NotLoopbackError(f"'{url}' is not on this machine: the local stack is deployed to loopback only.")
