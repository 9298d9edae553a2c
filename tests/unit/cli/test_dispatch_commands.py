"""Speaking to the dispatch function: what it answers, and each way in which it cannot be asked."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ReadTimeoutError

from tools.postcall.dispatch_commands import Dispatch
from tools.postcall.errors import CliError, NotAllowed, NotAvailable, NotFound, Refused
from tools.postcall.target import Target


class Aws(Dispatch):
    """An account that answers with the next of these, or raises it."""

    def __init__(self, *answers: Any) -> None:
        super().__init__(Target("uat", "https://api.example.com", "t"))
        self._answers = list(answers)
        self.invoked: list[dict[str, Any]] = []

    def _client(self, service: str) -> Any:
        del service
        return self

    def invoke(self, **arguments: Any) -> Any:
        self.invoked.append(arguments)
        return self._next()

    def describe_stacks(self, **_: Any) -> Any:
        return self._next()

    def _next(self) -> Any:
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def report(members: Any, **more: Any) -> dict[str, Any]:
    return {"Payload": io.BytesIO(json.dumps(members).encode()), **more}


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Invoke")


def test_a_probe_is_one_invocation_of_the_environments_function() -> None:
    aws = Aws(report({"probe": "reach", "transport": "answered"}))
    assert aws.probe("reach", "20261124-1200-ab")["transport"] == "answered"
    assert [call["FunctionName"] for call in aws.invoked] == ["postcall-uat-dispatch"]
    assert json.loads(aws.invoked[0]["Payload"]) == {"command": "probe", "probe": "reach", "run": "20261124-1200-ab"}


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        (report({"refused": "Nothing is sent."}), Refused, "Nothing is sent"),
        (report({"batchItemFailures": []}), NotFound, "deploy this version"),
        (report({"errorMessage": "boom"}, FunctionError="Unhandled"), NotAvailable, "boom"),
        (refused("AccessDeniedException"), NotAllowed, "does not allow"),
        (refused("ResourceNotFoundException"), NotFound, "AWS"),
        (refused("TooManyRequestsException"), NotAvailable, "AWS"),
        (NoCredentialsError(), NotAllowed, "POSTCALL_UAT_AWS_PROFILE"),
        (ReadTimeoutError(endpoint_url="https://lambda"), NotAvailable, "does not answer"),
    ],
)
def test_each_way_in_which_it_cannot_be_asked_is_one_sentence(answer: Any, kind: type[CliError], says: str) -> None:
    with pytest.raises(kind, match=says):
        Aws(answer).settings()


def test_the_static_addresses_come_from_the_address_stack() -> None:
    outputs = [{"OutputKey": "StaticIps", "OutputValue": "203.0.113.7,203.0.113.8"}]
    assert Aws({"Stacks": [{"Outputs": outputs}]}).static_ips() == ["203.0.113.7", "203.0.113.8"]
    assert Aws({"Stacks": [{}]}).static_ips() == []
