"""One emulated AWS for all tests of this folder; each test's clone has an account of its own in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.deployments.clone import Clone, fresh_clone, install_cli
from tools.local import processes, services
from tools.local.paths import LocalDirectory
from tools.local.ports import choose_ports

Tell = Callable[[str, str], None]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Leaves in the report how a scenario ended: `tools.verify.deployments` makes the proof's record of it."""
    return lambda scenario, ended: record_property("deployment", json.dumps({"scenario": scenario, "ended": ended}))


@pytest.fixture(scope="module")
def emulator_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the emulated AWS answers."""
    directory = LocalDirectory(tmp_path_factory.mktemp("aws"))
    ports = choose_ports(directory.ports, api=None)
    running = services.start_aws(directory, ports, keep_state=False)
    try:
        services.wait_for_aws(running, directory, ports)
        yield services.aws_url(ports)
    finally:
        processes.stop(running)


@pytest.fixture(scope="module")
def bare_clone(tmp_path_factory: pytest.TempPathFactory, emulator_url: str) -> Callable[[str], Clone]:
    """Makes a fresh clone for an account."""
    return lambda account: fresh_clone(tmp_path_factory.mktemp("clone"), emulator_url, account)


@pytest.fixture(scope="module")
def clone(bare_clone: Callable[[str], Clone]) -> Callable[[str], Clone]:
    """The same, with the CDK's command line."""

    def make(account: str) -> Clone:
        made = bare_clone(account)
        install_cli(made)
        return made

    return make
