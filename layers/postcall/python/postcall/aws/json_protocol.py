"""AWS's JSON protocol, spoken directly: what each call asks of DynamoDB and SQS, without botocore's walk by its model.

botocore checks and writes every value of a request by its model of the API, finds the address anew by a set of rules,
and reads every value of an answer by the model, which is half of what a request costs. Our requests are in the
protocol's own form before (`items.to_item`), and of an answer we read that form. botocore's remain the credentials, its
hooks, what is tried again and when, and the errors.
Source: Smithy 2.0, "AWS JSON 1.0 protocol".
"""

from __future__ import annotations

import json
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.endpoint import convert_to_response_dict
from botocore.exceptions import BotoCoreError
from botocore.hooks import first_non_none_response
from botocore.parsers import create_parser

from postcall.aws.signing import Signer

if TYPE_CHECKING:
    from botocore.credentials import Credentials
    from botocore.model import OperationModel

DIRECT: Mapping[str, Sequence[str]] = {
    "dynamodb": (
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    ),
    "sqs": ("ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "SendMessage"),
}
Send = Callable[[AWSPreparedRequest], AWSResponse]
_Request = dict[str, Any]
_Answer = tuple[AWSResponse, dict[str, Any]]


class UnreadableAnswer(BotoCoreError):
    """Something answered, and not in AWS's form: nobody knows what was done."""

    fmt = "The answer is none of AWS's."


def speak_directly(client: Any, credentials: Credentials | None, send: Send) -> None:  # noqa: ANN401 — the stubs know no client's type by its name
    """Have a client of DynamoDB or SQS send those operations as they are given, and answer as it is answered.

    They raise what they raised before. A good answer has no `ResponseMetadata`, and a binary value in it stays the
    Base64 that came. `send` makes one exchange and raises what botocore's connections raise.
    """
    direct = _Direct(client, credentials, send)
    for name in DIRECT[client.meta.service_model.service_name]:
        setattr(client, xform_name(name), partial(direct.call, name))


class _Direct:
    def __init__(self, client: Any, credentials: Credentials | None, send: Send) -> None:  # noqa: ANN401 — see above
        service = client.meta.service_model
        self._client, self._send, url = client, send, f"{client.meta.endpoint_url}/"
        self._signer = Signer(credentials, service=service.signing_name, region=client.meta.region_name, url=url)
        self._url = url
        self._name = service.service_id.hyphenize()
        self._operations = {name: service.operation_model(name) for name in DIRECT[service.service_name]}
        self._parser: Any = create_parser(service.resolved_protocol)
        self._headers = {
            "Content-Type": f"application/x-amz-json-{service.metadata['jsonVersion']}",
            "User-Agent": client.meta.config.user_agent,
        }
        self._target = f"{service.metadata['targetPrefix']}."

    def call(self, name: str, **parameters: Any) -> Any:  # noqa: ANN401 — the answer of any operation
        """The answer to one operation.

        Raises:
            ClientError: A refusal; its kind is the service's own.
            BotoCoreError: There is no answer, or none that can be read.
        """
        operation, context = self._operations[name], dict[str, Any]()
        request = self._request(name, parameters)
        self._emit("before-call", name, model=operation, params=request, context=context)
        http, answer = self._answered(operation, request, context)
        self._emit("after-call", name, http_response=http, parsed=answer, model=operation, context=context)
        if http.status_code == HTTPStatus.OK:
            return answer
        code = context.get("error_code_override") or answer["Error"].get("Code")
        raise self._client.exceptions.from_code(code)(answer, name)

    def _request(self, name: str, parameters: dict[str, Any]) -> _Request:
        if name == "TransactWriteItems":  # whose repeat is known by its token
            parameters = {"ClientRequestToken": str(uuid.uuid4())} | parameters
        return {
            "method": "POST",
            "url": self._url,
            "headers": self._headers | {"X-Amz-Target": self._target + name},
            "body": json.dumps(parameters, default=_base64).encode(),
        }

    def _answered(self, operation: OperationModel, request: _Request, context: dict[str, Any]) -> _Answer:
        """A good answer, or the last one. Raises what the last try raised."""
        for attempt in count(1):
            found = self._tried(operation, request)
            seconds = self._seconds_to_next_try(found, attempt, operation, context)
            if seconds is None:
                break
            time.sleep(seconds)
        if isinstance(found, Exception):
            raise found
        return found

    def _tried(self, operation: OperationModel, request: _Request) -> _Answer | Exception:
        """One try: what it brought, or what it raised."""
        given, read, error = None, None, None
        try:
            http = self._sent(operation.name, request)
            given = convert_to_response_dict(http, operation)
            read = self._read(given, operation)
        except Exception as raised:  # noqa: BLE001 — whether it is tried again is botocore's to say
            error = raised
        received = {"response_dict": given, "parsed_response": read, "context": {}, "exception": error}
        self._emit("response-received", operation.name, **received)
        return error or (http, read or {})

    def _seconds_to_next_try(
        self, found: _Answer | Exception, attempt: int, operation: OperationModel, context: dict[str, Any]
    ) -> float | None:
        """As botocore's own tries are counted and spaced; None where this was the last."""
        answer, error = (None, found) if isinstance(found, Exception) else (found, None)
        if answer is not None and answer[0].status_code == HTTPStatus.OK:
            return None
        asked: dict[str, Any] = {"endpoint": None, "operation": operation, "request_dict": {"context": context}}
        asked |= {"attempts": attempt, "response": answer, "caught_exception": error}
        seconds = first_non_none_response(self._emit("needs-retry", operation.name, **asked))
        return None if seconds is False else seconds

    def _sent(self, name: str, request: _Request) -> AWSResponse:
        headers: Any = self._signer.signed(request["headers"], request["body"], now=datetime.now(UTC))
        prepared = AWSPreparedRequest(request["method"], request["url"], headers, request["body"], stream_output=False)
        given = first_non_none_response(self._emit("before-send", name, request=prepared))
        http: AWSResponse = given or self._send(prepared)
        return http

    def _read(self, given: dict[str, Any], operation: OperationModel) -> dict[str, Any]:
        """A good answer as it stands, a refusal as botocore reads it, with the members of its own kind."""
        if given["status_code"] == HTTPStatus.OK:
            return _object(given["body"])
        answer: dict[str, Any] = self._parser.parse(given, operation.output_shape)
        if "Error" not in answer:  # neither good nor refused, as a 202
            raise UnreadableAnswer
        kind: Any = operation.service_model.shape_for_error_code(answer["Error"].get("Code"))
        return answer | (self._parser.parse(given, kind) if kind else {})

    def _emit(self, event: str, name: str, **what: Any) -> Any:  # noqa: ANN401 — what the hooks answer
        return self._client.meta.events.emit(f"{event}.{self._name}.{name}", **what)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise UnreadableAnswer from error
    if not isinstance(found, dict):
        raise UnreadableAnswer
    return found


def _base64(value: bytes) -> str:
    return b64encode(value).decode()
