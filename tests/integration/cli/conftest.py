"""The handlers behind a small HTTP server, as behind API Gateway: the command line against the real code."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from rich.console import Console

import functions.dispatch.handler
from tests.integration.conftest import TOKEN, PipelineHarness
from tests.support.fakes.api_server import Asked, Reply, api_server
from tests.support.fakes.functions import InProcessFunctions
from tools.postcall.arguments import command, parser
from tools.postcall.context import Context
from tools.postcall.dispatch_commands import Dispatch
from tools.postcall.screen import Screen
from tools.postcall.target import Target


class InProcessDispatch(Dispatch):
    """The dispatch function, called in this process."""

    def _client(self, service: str) -> Any:
        assert service == "lambda", f"no {service} here"
        return InProcessFunctions({"postcall-uat-dispatch": functions.dispatch.handler.handler})

    def static_ips(self) -> list[str]:
        """The address that a real environment's stack would name."""
        return ["203.0.113.7"]


@dataclass
class CommandHarness:
    """An operator's terminal on an environment whose queues are served as soon as something is ordered."""

    pipeline: PipelineHarness
    url: str
    shown: str = ""
    report: str = ""
    waited: float = 0.0

    def context(self, *, as_json: bool = False) -> tuple[Context, io.StringIO, io.StringIO]:
        """What a command works with, and where it writes."""
        out, err = io.StringIO(), io.StringIO()
        screen = Screen(as_json=as_json, out=Console(file=out, width=180), err=Console(file=err, width=180))
        context = Context(Target("uat", self.url, TOKEN), screen, sleep=self._sleep, monotonic=lambda: self.waited)
        context.dispatch = InProcessDispatch(context.target)
        return context, out, err

    def run(self, *arguments: str) -> int:
        """One command; raises what it raises."""
        options = parser().parse_args(arguments)
        context, out, err = self.context(as_json=getattr(options, "json", False))
        try:
            return command(options)(context, options)
        finally:
            self.shown, self.report = out.getvalue(), err.getvalue()

    def _sleep(self, seconds: float) -> None:
        self.waited += seconds

    @property
    def document(self) -> Any:
        """The JSON that a program gets."""
        return json.loads(self.shown)


@pytest.fixture
def harness(pipeline: PipelineHarness) -> Iterator[CommandHarness]:
    def serve(asked: Asked) -> Reply:
        body = b"" if asked.body is None else json.dumps(asked.body).encode()
        if asked.path == "/api/analyze":
            answer = pipeline.post(asked.path, body, asked.headers)
        else:
            token = asked.headers["authorization"].removeprefix("Bearer ")
            answer = pipeline.call_api(asked.method, asked.path, asked.query, token, body)
        if asked.method == "POST":
            pipeline.analyse()
            pipeline.dispatch()
        return Reply(answer["statusCode"], json.loads(answer["body"]))

    with api_server(serve) as server:
        yield CommandHarness(pipeline, server.url)
