"""The build that this interpreter runs: the same few things under the names that each build has for them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

IS_NOW = find_spec("tools.verify") is not None
_BENCH = "tools.verify.bench" if IS_NOW else "tools.bench"


def bench(name: str) -> Any:  # noqa: ANN401 — a module, of either build
    """A module of the build's own benches."""
    return import_module(f"{_BENCH}.{name}")


def sandbox(crm_url: str, **settings: str) -> Any:  # noqa: ANN401 — a harness, of either build
    """All handlers over moto: `analyse`, `dispatch`, and what the build calls taking a webhook in."""
    return bench("sandbox").sandbox(crm_url, **settings) if IS_NOW else bench("world").world(crm_url, **settings)


def ingest(ours: Any, body: bytes) -> Any:  # noqa: ANN401 — see above
    """A webhook, taken in by a harness."""
    return ours.ingest(body) if IS_NOW else ours.take_in(body)


def crm_simulator() -> Any:  # noqa: ANN401 — a class, of either build
    return import_module("tools.simulators.crm.simulator" if IS_NOW else "tools.crm_simulator.simulator").CrmSimulator


def model_stub() -> Any:  # noqa: ANN401 — a module, of either build
    return import_module("tools.simulators.model" if IS_NOW else "tools.model_stub")


def sqs_record() -> Any:  # noqa: ANN401 — a function, of either build
    return import_module("tests.support.in_process" if IS_NOW else "tools.in_process").sqs_record
