"""The client: patience for reading, none for orders, and a token that goes nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.fakes.api_server import ApiServer, Reply, api_server
from tools.postcall.api import Api
from tools.postcall.errors import CliError, NotAllowed, NotAvailable, NotFound, Refused
from tools.postcall.target import Target

BUSY = Reply(503, {"detail": "Our own store does not answer."}, {"Retry-After": "2"})


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(api: ApiServer, slept: list[float]) -> Api:
    return Api(Target("uat", api.url, "a-token"), sleep=slept.append)


@pytest.fixture
def elsewhere() -> Iterator[ApiServer]:
    with api_server() as server:
        yield server


def test_reading_waits_as_long_as_the_environment_asks(api: ApiServer, client: Api, slept: list[float]) -> None:
    api.on("GET", "/api/queues", BUSY, BUSY, {"dispatch": {}})
    assert client.queues() == {"dispatch": {}}
    assert slept == [2.0, 2.0]


def test_patience_ends(api: ApiServer, client: Api) -> None:
    api.on("GET", "/api/queues", BUSY)
    with pytest.raises(NotAvailable, match="does not answer"):
        client.queues()
    assert len(api.asked) == 3


def test_an_order_is_given_once(api: ApiServer, client: Api, slept: list[float]) -> None:
    api.on("POST", "/api/events/a/resend-crm", BUSY)
    with pytest.raises(NotAvailable):
        client.resend("a", force=False)
    assert len(api.asked) == 1
    assert slept == []


def test_the_token_travels_in_its_header_and_to_no_other_address(
    api: ApiServer, client: Api, elsewhere: ApiServer
) -> None:
    api.on("GET", "/api/queues", Reply(302, None, {"Location": f"{elsewhere.url}/api/queues"}))
    with pytest.raises(CliError):
        client.queues()
    assert api.asked[0].headers["authorization"] == "Bearer a-token"
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (401, NotAllowed),
        (403, NotAllowed),
        (404, NotFound),
        (409, Refused),
        (410, NotFound),
        (413, Refused),
        (429, NotAvailable),
        (500, NotAvailable),
        (504, NotAvailable),
    ],
)
def test_each_refusal_has_its_kind(api: ApiServer, client: Api, status: int, kind: type[CliError]) -> None:
    api.on("GET", "/api/numbers", Reply(status, {"detail": "One sentence."}))
    with pytest.raises(kind, match="One sentence"):
        client.numbers(None)


def test_a_proxys_page_is_no_answer(api: ApiServer, client: Api) -> None:
    api.on("GET", "/api/numbers", Reply(502, "a page"))
    with pytest.raises(NotAvailable, match="HTTP 502"):
        client.numbers(None)


def test_nobody_listening_is_told_with_the_address(slept: list[float]) -> None:
    with api_server() as gone:
        address = gone.url
    with pytest.raises(NotAvailable, match=address):
        Api(Target("uat", address, "a-token"), sleep=slept.append).health()
