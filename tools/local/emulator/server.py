"""Serve ministack and, on a port of its own, the root of the deployed HTTP API, until SIGTERM or SIGINT."""

# ruff: noqa: SLF001 — ministack has no public way to save its state

from __future__ import annotations

import asyncio
import signal
from typing import Any

from hypercorn.asyncio import serve as hypercorn_serve  # type: ignore[import-not-found]  # the emulator's environment
from hypercorn.config import Config  # type: ignore[import-not-found]
from ministack import app as ministack_app
from ministack.core import lambda_runtime as ministack_runtime
from ministack.core import persistence, tls

from tools.local.emulator import http_api, request_count
from tools.local.emulator.fixes import (
    batch_failures,
    deep_queues,
    denials,
    environment_limits,
    gateway_errors,
    joined_conditions,
    metrics,
    move_tasks,
    parsed_expressions,
    point_in_time,
    queue_lock,
    recorded_resources,
    refusals,
    runtime,
    secret_reference,
    updates,
)

FIXES = (
    runtime,
    environment_limits,
    updates,
    batch_failures,
    deep_queues,  # before the lock, which goes around it
    queue_lock,
    move_tasks,
    parsed_expressions,
    point_in_time,
    secret_reference,
    recorded_resources,
    refusals,
    gateway_errors,
    joined_conditions,
    metrics,
    denials,
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
    serving = asyncio.gather(
        hypercorn_serve(
            request_count.counted(ministack_app.app),
            _config(port, secure=tls.use_ssl_enabled()),
            shutdown_trigger=stop.wait,
        ),
        hypercorn_serve(http_api.application(api_port), _config(api_port), shutdown_trigger=stop.wait),
    )
    serving.add_done_callback(lambda _: stop.set())  # a port that is taken
    await stop.wait()
    ministack_runtime.reset()
    done, _ = await asyncio.wait([serving], timeout=SECONDS_TO_CLOSE)
    if done:
        serving.result()
    elif persistence.PERSIST_STATE:  # a client that keeps a TLS connection open would hold the shutdown up
        persistence.save_all(ministack_app._build_persistence_save_dict())


def _config(port: int, *, secure: bool = False) -> Any:  # noqa: ANN401 — hypercorn's class, known only over there
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.graceful_timeout = GRACEFUL_SECONDS
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    if secure:
        config.certfile, config.keyfile = tls.resolve_tls_material()
    return config
