"""An environment that slept comes back behind the same URL and addresses, with all it knew."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from infra.deployment.rest import sleeping_stacks
from infra.environments import load
from tests.e2e.conftest import Stack, started, wait_until

pytestmark = pytest.mark.e2e


def outputs(stack: Stack, lifetime: str) -> dict[str, str]:
    (found,) = stack.client("cloudformation").describe_stacks(StackName=f"postcall-local-{lifetime}")["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}


def stacks(stack: Stack) -> set[str]:
    found = stack.client("cloudformation").describe_stacks()["Stacks"]
    return {each["StackName"] for each in found if not each["StackStatus"].startswith("DELETE")}


def put_to_sleep(stack: Stack) -> None:
    cloudformation = stack.client("cloudformation")
    for name in sleeping_stacks(load("local")):
        cloudformation.delete_stack(StackName=name)
        wait_until(lambda name=name: name not in stacks(stack), what=f"{name} is gone")  # type: ignore[misc]


def test_what_sleeps_comes_back_behind_the_same_url_and_addresses(tmp_path: Path) -> None:
    with started(Stack(tmp_path / "sleeping")) as stack:
        before, after = f"before-{uuid.uuid4()}", f"after-{uuid.uuid4()}"
        stack.analyze(before)
        stack.rests(before, "delivered")
        api, address = outputs(stack, "api"), outputs(stack, "address")

        put_to_sleep(stack)
        assert stacks(stack) == {"postcall-local-address", "postcall-local-api", "postcall-local-data"}

        stack.up()
        assert outputs(stack, "api") == api
        assert outputs(stack, "address") == address
        assert stack.status(before) == "delivered"
        stack.analyze(after)
        stack.rests(after, "delivered")
