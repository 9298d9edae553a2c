"""One simulator per profile for the whole run, emptied for each test."""

from collections.abc import Iterator

import pytest

from tests.contract.crm_simulator.calls import Caller
from tools.simulators.crm.simulator import CrmSimulator

FAST = 0.005
"""Seconds that the background tasks wait."""


@pytest.fixture(scope="session")
def _stock() -> Iterator[Caller]:
    with CrmSimulator(profile="stock", async_delay_seconds=FAST) as crm:
        caller = Caller(crm)
        with caller.client:
            yield caller


@pytest.fixture(scope="session")
def _letter() -> Iterator[Caller]:
    with CrmSimulator() as crm:
        caller = Caller(crm)
        with caller.client:
            yield caller


@pytest.fixture
def stock(_stock: Caller) -> Caller:
    """A client of the profile `stock`."""
    _stock.crm.reset()
    return _stock


@pytest.fixture
def as_in_the_letter(_letter: Caller) -> Caller:
    """A client of the profile `as-in-the-letter`."""
    _letter.crm.reset()
    return _letter
