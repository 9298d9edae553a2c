"""Secrets by name, from Secrets Manager, kept in memory for five minutes."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError

from postcall.aws import clients
from postcall.domain.errors import Unavailable

MAX_AGE_SECONDS = 300


@cache
def _provider() -> SecretsProvider:
    return SecretsProvider(boto3_client=clients.secrets_manager())


def secret(name: str, *, fresh: bool = False) -> str:
    """The secret's text, empty when it has no value yet. Raises `Unavailable` when it cannot be read."""
    try:
        value = _provider().get(name, max_age=MAX_AGE_SECONDS, force_fetch=fresh)
    except GetParameterError as error:
        if _has_no_value(error):
            return ""
        raise Unavailable(f"The secret {name} cannot be read.") from error
    return value if isinstance(value, str) else ""


def _has_no_value(error: GetParameterError) -> bool:
    """A secret made without a value answers as if it did not exist."""
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ClientError):
        return cause.response["Error"]["Code"] == "ResourceNotFoundException"
    return "ResourceNotFoundException" in str(error)


def forget() -> None:
    """Drop what was read: for tests."""
    _provider.cache_clear()
