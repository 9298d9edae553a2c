"""The requests an event costs, held exactly: one more is a red test, and then a decision."""

from __future__ import annotations

from functools import cache

import pytest

from tools.simulators.crm.simulator import CrmSimulator
from tools.verify.bench import lists
from tools.verify.bench.counting import counted
from tools.verify.bench.fill import SMALL, fill
from tools.verify.bench.requests import STATED, stated
from tools.verify.bench.sandbox import sandbox
from tools.verify.bench.steps import Made, Steps

pages = cache(lists.pages)
LARGE = 300_000
IN_NO_ITEM = 1_500_000


def made(size: int, *, events: int = 1) -> dict[str, Made]:
    """What each step asks of AWS for a call of this size, with so many events in the table before it."""
    with CrmSimulator() as crm, counted() as requests, sandbox(crm.service_url) as ours:
        fill(ours, events)
        steps = Steps(ours, requests)
        steps.call("conv_counted", size=size)
    return steps.made


def test_a_new_event_is_exactly_one_write_and_one_send() -> None:
    assert made(SMALL)["intake_new"].operations == {"dynamodb.TransactWriteItems": 1, "sqs.SendMessage": 1}


@pytest.mark.parametrize(
    ("size", "events"),
    [
        (SMALL, 1),
        (LARGE, 200),
        pytest.param(LARGE, 1_000, marks=pytest.mark.long),
        pytest.param(SMALL, 1_000, marks=pytest.mark.long),
        pytest.param(LARGE, 1, marks=pytest.mark.long),
    ],
)
def test_no_steps_requests_grow_with_the_table_or_the_transcript(size: int, events: int) -> None:
    assert {step: done.operations for step, done in made(size, events=events).items()} == STATED


def test_a_body_that_no_item_holds_adds_its_own_requests_and_no_other() -> None:
    found = made(IN_NO_ITEM)
    assert {step: done.operations for step, done in found.items()} == {
        step: stated(step, in_s3=True) for step in STATED
    }
    assert found["dispatch"].received_bytes < IN_NO_ITEM / 100  # the body does not ride along


def asked(events: int) -> dict[str, int]:
    """The requests of each list and page with so many events."""
    return {name: page.requests for name, page in pages(events).items()}


@pytest.mark.parametrize("many", [600, pytest.param(2_000, marks=pytest.mark.long)])
def test_lists_and_pages_make_the_same_requests_with_four_hundred_events_as_with_many(many: int) -> None:
    assert asked(400) == asked(many)


@pytest.mark.parametrize("many", [900, pytest.param(2_000, marks=pytest.mark.long)])
def test_full_pages_are_of_the_same_size_however_many_events_there_are(many: int) -> None:
    assert pages(600) == pages(many)


def test_each_process_reads_a_secret_once() -> None:
    with CrmSimulator() as crm, counted() as requests, sandbox(crm.service_url) as ours:
        fill(ours, 1)
        steps = Steps(ours, requests)
        steps.process_secrets("conv_counted")
    reads = {step: done.operations.get("secrets-manager.GetSecretValue", 0) for step, done in steps.made.items()}
    assert reads == {
        "intake_with_its_secrets": 1,
        "analysis_with_its_secrets": 2,
        "dispatch_with_its_secrets": 0,
        "operations_with_its_secrets": 1,
    }
