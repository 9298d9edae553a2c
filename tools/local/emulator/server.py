"""Serve ministack and, on a port of its own, the root of the deployed HTTP API, until SIGTERM or SIGINT."""

# ruff: noqa: SLF001 — ministack has no public way to save its state

from __future__ import annotations

import asyncio
import signal
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import uvicorn  # type: ignore[import-not-found]  # the emulator's environment
from ministack import app as ministack_app
from ministack.core import lambda_runtime as ministack_runtime
from ministack.core import persistence, tls

from tools.local.emulator import http_api, request_count, short_way
from tools.local.emulator.fixes import (
    batch_actions,
    batch_failures,
    deep_queues,
    denials,
    environment_limits,
    gateway_errors,
    joined_conditions,
    metrics,
    move_tasks,
    parsed_expressions,
    plain_copies,
    point_in_time,
    queue_lock,
    recorded_resources,
    refusals,
    runtime,
    secret_reference,
    updates,
)
from tools.local.emulator.ready_environments import with_ready_environments

FIXES = (
    runtime,
    environment_limits,
    updates,
    batch_failures,
    deep_queues,  # before the lock, which goes around it
    queue_lock,
    move_tasks,
    parsed_expressions,
    plain_copies,
    point_in_time,
    secret_reference,
    recorded_resources,
    refusals,
    gateway_errors,
    joined_conditions,
    metrics,
    denials,
    batch_actions,  # around the denials: they tell the action that was asked for
)
GRACEFUL_SECONDS = 2
SECONDS_TO_CLOSE = 4


async def serve(*, port: int, api_port: int) -> None:
    """Serve both ports until a signal; then end every function, let ministack save its state, and return."""
    for fix in FIXES:
        fix.install()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    aws = with_ready_environments(request_count.counted(short_way.shortened(ministack_app.app)))
    servers = [
        _Server(_config(aws, port, secure=tls.use_ssl_enabled())),
        _Server(_config(http_api.application(api_port), api_port)),
    ]
    serving = asyncio.gather(*(server.serve() for server in servers))
    serving.add_done_callback(lambda _: stop.set())  # a port that is taken
    await stop.wait()
    for server in servers:
        server.should_exit = True
    ministack_runtime.reset()
    done, _ = await asyncio.wait([serving], timeout=SECONDS_TO_CLOSE)
    if done:
        serving.result()
    elif persistence.PERSIST_STATE:  # a client that keeps a TLS connection open would hold the shutdown up
        persistence.save_all(ministack_app._build_persistence_save_dict())


class _Server(uvicorn.Server):  # type: ignore[misc]  # known only over there
    """One port. Signals are `serve`'s to hear, of both ports together."""

    def capture_signals(self) -> AbstractContextManager[None]:
        return nullcontext()


def _config(application: Any, port: int, *, secure: bool = False) -> uvicorn.Config:  # noqa: ANN401 — an ASGI application
    """Parsed in C: the emulator shares its processor with the functions that it serves."""
    certificate, key = tls.resolve_tls_material() if secure else (None, None)
    return uvicorn.Config(
        application,
        host="127.0.0.1",
        port=port,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,  # ministack's own
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
