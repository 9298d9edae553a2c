"""The stack's secrets: generated once and kept, and put where the functions read them."""

from __future__ import annotations

import dataclasses
import json
import secrets
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from postcall.domain.access import Right, Token, token_hash, write_token
from tools.local.private_file import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

    from tools.local.aws import EmulatedAws

OPERATOR = "local-operator"
NAMES = "postcall/local"


@dataclasses.dataclass(frozen=True)
class Access:
    """What opens the local stack, and what it opens others with."""

    webhook_secret: str
    operator_token: str
    openai_api_key: str | None
    elevenlabs_api_key: str | None = None

    def values(self) -> dict[str, str]:
        """The secrets by name, in the formats the functions read."""
        everything = Token(OPERATOR, token_hash(self.operator_token), may=frozenset(Right), reason_optional=True)
        return {
            f"{NAMES}/elevenlabs-webhook": self.webhook_secret,
            f"{NAMES}/operator-tokens": json.dumps({"tokens": [write_token(everything)]}),
            f"{NAMES}/openai": json.dumps({"api_key": self.openai_api_key or ""}),
            f"{NAMES}/elevenlabs-api": json.dumps({"api_key": self.elevenlabs_api_key or ""}),
        }


def kept_access(
    path: Path, *, webhook_secret: str | None, openai_api_key: str | None, elevenlabs_api_key: str | None = None
) -> Access:
    """The access of last time; what is missing is generated and written down. The shell's secret goes before."""
    kept = read_json(path)
    generated = {
        "webhook_secret": kept.get("webhook_secret") or f"wsec_{secrets.token_hex(32)}",
        "operator_token": kept.get("operator_token") or secrets.token_urlsafe(32),
    }
    if generated != kept:
        write_json(path, generated)
    return Access(
        webhook_secret=webhook_secret or generated["webhook_secret"],
        operator_token=generated["operator_token"],
        openai_api_key=openai_api_key,
        elevenlabs_api_key=elevenlabs_api_key,
    )


def put_secrets(aws: EmulatedAws, access: Access) -> bool:
    """Put the values that differ from what is there; whether any did."""
    client = aws.secrets_manager()
    changed = False
    for name, value in access.values().items():
        if _current(aws, name) != value:
            client.put_secret_value(SecretId=name, SecretString=value)
            changed = True
    return changed


def forget_cached_secrets(aws: EmulatedAws) -> None:
    """Start every function's environments anew: they keep a secret for minutes after they have read it."""
    client = aws.functions()
    for function in client.list_functions()["Functions"]:
        client.update_function_configuration(FunctionName=function["FunctionName"], Timeout=function["Timeout"])


def _current(aws: EmulatedAws, name: str) -> str | None:
    try:
        return aws.secrets_manager().get_secret_value(SecretId=name).get("SecretString")
    except ClientError:
        return None
