"""A command to another step's Lambda: one JSON object in, one out, and the caller waits for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.domain.errors import Unavailable
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


class Commands:
    """The commands of one function, e.g. `{"command": "release", …}` of intake's."""

    def __init__(self, client: LambdaClient, function: str) -> None:
        self._client = client
        self._function = function

    def __call__(self, command: dict[str, Any]) -> dict[str, Any]:
        """Give one command and wait for its result. Raises `Unavailable` when the function fails or is not there."""
        try:
            answer = self._client.invoke(FunctionName=self._function, Payload=json.dumps(command).encode())
            result: Any = json.loads(answer["Payload"].read())
        except (ClientError, BotoCoreError, ValueError) as error:
            raise Unavailable(said("store.function_unreached", function=self._function)) from error
        if answer.get("FunctionError") or not isinstance(result, dict):
            raise Unavailable(said("store.function_failed", function=self._function))
        return dict(result)
