"""Our connections to AWS and botocore's own: what comes back over them, and what they raise."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError, SSLError
from botocore.httpsession import URLLib3Session

from postcall.aws.connections import Connections
from tests.support.fakes.raw_server import Play, RawServer, answer, read_request, resets, sends
from tools.local.ports import free_port
from tools.simulators.crm.certificates import prepare

OK = answer(b'{"a": 1}', "X-Amzn-Requestid: one")
Send = Callable[[str], AWSResponse]


def asking(url: str) -> AWSPreparedRequest:
    headers: Any = {"X-Amz-Target": "One.Do", "Content-Length": "2"}
    return AWSPreparedRequest("POST", url, headers, b"{}", stream_output=False)


@pytest.fixture(params=["ours", "botocore's"])
def sender(request: pytest.FixtureRequest) -> Iterator[Callable[..., Send]]:
    """What makes connections to an address, `read` seconds for an answer."""
    with ExitStack() as stack:

        def made(url: str, *, read: float = 5, authorities: Path | None = None) -> Send:
            file: Any = str(authorities) if authorities else None
            timeout: Any = (5, read)
            ours = Connections(url, connect=5, read=read, authorities=file)
            connections = ours if request.param == "ours" else URLLib3Session(verify=file or True, timeout=timeout)
            stack.callback(connections.close)
            return lambda asked: connections.send(asking(asked))

        yield made


def keeps(*answers: bytes) -> Play:
    """Answers one request after another on the connection, then closes it."""

    def play(connection: socket.socket) -> None:
        for number, text in enumerate(answers):
            if number:
                read_request(connection)
            connection.sendall(text)

    return play


def root(server: RawServer) -> str:
    return server.url.replace("/save", "/")


def test_an_answer_is_its_status_its_headers_and_its_body(sender: Any) -> None:
    with RawServer(sends(OK)) as server:
        found = sender(root(server))(root(server))
        [sent] = server.requests
    assert (found.status_code, found.content, found.headers["x-amzn-requestid"]) == (200, b'{"a": 1}', "one")
    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.startswith(b"POST / HTTP/1.1\r\n")
    assert b"\r\nX-Amz-Target: One.Do" in head
    assert b"\r\nAccept-Encoding: identity" in head  # without it, AWS might send it packed
    assert body == b"{}"


def test_a_refusal_is_an_answer_as_well(sender: Any) -> None:
    with RawServer(sends(answer(b"{}", status="400 Bad Request"))) as server:
        assert sender(root(server))(root(server)).status_code == 400


def test_a_connection_is_kept_for_the_next_request(sender: Any) -> None:
    with RawServer(keeps(OK, OK, OK)) as server:
        send = sender(root(server))
        assert [send(root(server)).content for _ in range(3)] == [b'{"a": 1}'] * 3
        assert server.connections == 1


def test_one_that_was_closed_meanwhile_is_replaced_and_nothing_is_said(sender: Any) -> None:
    with RawServer(sends(OK)) as server:
        send = sender(root(server))
        for _ in range(2):
            assert send(root(server)).content == b'{"a": 1}'
            sender(root(server))(root(server))  # taken by the server once the connection before is closed
        assert server.connections == 4


def test_an_answer_in_pieces_is_whole(sender: Any) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with RawServer(keeps(chunked, OK)) as server:
        send = sender(root(server))
        assert [send(root(server)).content for _ in range(2)] == [b"{}", b'{"a": 1}']
        assert server.connections == 1


def test_a_connection_that_is_to_be_closed_is_not_used_again(sender: Any) -> None:
    with RawServer(sends(answer(b"{}", "Connection: close"))) as server:
        send = sender(root(server))
        assert [send(root(server)).content for _ in range(2)] == [b"{}"] * 2
        assert server.connections == 2


@pytest.mark.parametrize("play", [sends(), resets, sends(OK[:9])], ids=["closed", "reset", "half a head"])
def test_a_connection_that_ends_before_the_answer_is_closed(sender: Any, play: Play) -> None:
    with RawServer(play) as server, pytest.raises(ConnectionClosedError):
        sender(root(server))(root(server))


def test_an_answer_that_does_not_come_is_a_timeout(sender: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(ReadTimeoutError):
            sender(url, read=0.05)(url)


def test_nobody_there_is_no_connection(sender: Any) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    with pytest.raises(EndpointConnectionError):
        sender(url)(url)


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    return prepare("private-ca", tmp_path)


def test_a_certificate_is_checked(sender: Any, tls: tuple[ssl.SSLContext, Path]) -> None:
    context, authorities = tls
    with RawServer(sends(OK), tls=context) as server:
        url = root(server)
        assert sender(url, authorities=authorities)(url).content == b'{"a": 1}'
        with pytest.raises(SSLError):
            sender(url)(url)
