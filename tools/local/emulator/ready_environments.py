"""Execution environments that stand ready before they are asked for: `POST /_postcall/environments?function=NAME…`.

On a fresh stack the first call would start those of its way one after another; side by side they take half the time.
On AWS this is provisioned concurrency.
"""
# ruff: noqa: SLF001 — ministack has no public way to start an environment

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from ministack import app as ministack_app
from ministack.core.concurrency import run_reentrant
from ministack.services import lambda_svc

PATH = "/_postcall/environments"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def with_ready_environments(application: Application) -> Application:
    """The application, and what is asked here: answered when one environment of each function has ended its start."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await application(scope, receive, send)
            return
        names = parse_qs(scope["query_string"].decode()).get("function", [])
        found = [function for _, function in lambda_svc._functions.all_items()]
        wanted = [function for function in found if function["config"]["FunctionName"] in names]
        await asyncio.gather(*(run_reentrant(_start, function) for function in wanted))
        await ministack_app._send_response(send, 204, {}, b"")

    return serve


def _start(function: dict[str, Any]) -> None:
    lambda_svc._run_with_function_config_scope(function, _start_in_scope, function)


def _start_in_scope(function: dict[str, Any]) -> None:
    """One that fails is left: the first call starts it again, and is told why."""
    config = function["config"]
    worker, _reason = lambda_svc.acquire_worker(config["FunctionName"], config, function["code_zip"])
    if worker is None:
        return
    try:
        with worker._lock:
            if worker._proc is None:
                worker._spawn()
    except RuntimeError as error:
        logging.getLogger(__name__).warning("%s did not start: %s", config["FunctionName"], error)
    finally:
        lambda_svc.release_worker(worker)
