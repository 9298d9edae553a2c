"""What the vendor's own package sends and reads is what we send and read ourselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from functions.analysis.model.failures import stated_by
from functions.analysis.model.reply import LARGEST_REPLY
from functions.analysis.model.server import OPENAI_URL, ModelServer
from postcall.http.client import HttpClient
from postcall.http.message import Request, Response
from tools.simulators.model import SCENARIOS, ModelStub

if TYPE_CHECKING:
    from openai import OpenAI

KEY, SECONDS = "sk-invented", 20.0
PARAMETERS: dict[str, Any] = {
    "model": "gpt-6-luna",
    "messages": [{"role": "system", "content": "rules"}, {"role": "user", "content": "Здравствуйте 👋"}],
    "store": False,
    "max_completion_tokens": 1_500,
    "reasoning_effort": "none",
    "response_format": {"type": "json_object"},
}
SAME_HEADERS = ("authorization", "accept", "content-type", "content-length", "x-client-request-id")


def package(**options: Any) -> OpenAI:
    """Its client. It takes a second to load, which only the tests here need."""
    from openai import OpenAI

    return OpenAI(api_key=KEY, **options)


def by_package(base_url: str) -> Any:
    """The same request through the package, without its retries."""
    with package(base_url=base_url, max_retries=0) as client:
        return client.chat.completions.with_raw_response.create(
            **PARAMETERS, timeout=SECONDS, extra_headers={"X-Client-Request-Id": "conv_1"}
        )


def test_a_request_is_the_packages_own() -> None:
    with ModelStub() as stub:
        theirs = by_package(stub.base_url)
        ours = ModelServer(KEY, stub.base_url).complete(PARAMETERS, seconds=SECONDS, request_id="conv_1")
    assert stub.requests[0] == stub.requests[1] == PARAMETERS
    first, second = ({name: headers[name] for name in SAME_HEADERS} for headers in stub.headers)
    assert first == second
    assert ours.body == theirs.content
    assert ours.headers["x-request-id"] == theirs.request_id


def test_without_an_address_it_is_the_packages_own() -> None:
    with package() as client:
        assert str(client.base_url).rstrip("/") == OPENAI_URL


@pytest.mark.parametrize("name", sorted(SCENARIOS.keys() - {"trickle", "hang", "reset"}))
def test_a_refusal_is_read_as_the_package_reads_it(name: str) -> None:
    from openai import APIStatusError

    with ModelStub(name) as stub:
        asked = Request("POST", f"{stub.base_url}/chat/completions", {}, json.dumps(PARAMETERS).encode())
        ours = HttpClient(LARGEST_REPLY).exchange(asked, seconds=SECONDS)
        if isinstance(ours, Response) and ours.status < 400:
            return
        with pytest.raises(APIStatusError) as caught:
            by_package(stub.base_url)
    assert isinstance(ours, Response)
    assert (ours.status, ours.headers.get("x-request-id")) == (caught.value.status_code, caught.value.request_id)
    assert stated_by(ours) == caught.value.body
