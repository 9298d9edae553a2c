"""The handlers behind a plain HTTP server on loopback: for tools that must speak HTTP to find faults in an API."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import functions.intake.handler
import functions.operations.handler

INTAKE = {("POST", "/webhooks/elevenlabs"), ("POST", "/api/analyze")}


class LocalApi(BaseHTTPRequestHandler):
    """Turns each request into API Gateway's event (payload 2.0), and the answer back."""

    protocol_version = "HTTP/1.1"

    def do(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        event = {
            "version": "2.0",
            "rawPath": parts.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "queryStringParameters": dict(parse_qsl(parts.query, keep_blank_values=True)) or None,
            "requestContext": {"http": {"method": self.command, "path": unquote(parts.path)}},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
        to_intake = (self.command, parts.path) in INTAKE
        handler = functions.intake.handler if to_intake else functions.operations.handler
        try:
            answer: dict[str, Any] = handler.handler(event, None)
        except Exception as error:  # noqa: BLE001 — what Lambda makes a 500 of; the tool must see it
            answer = {"statusCode": 500, "headers": {}, "body": repr(error)}
        self._write(answer)

    def __getattr__(self, name: str) -> Any:  # http.server asks for do_GET, do_POST, do_WHATEVER
        if name.startswith("do_"):
            return self.do
        raise AttributeError(name)

    def _write(self, answer: dict[str, Any]) -> None:
        text = answer.get("body") or ""
        body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
        self.send_response(answer["statusCode"])
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a fuzzer asks thousands of times."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of the running server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), LocalApi)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
