"""The local stack with enforced permissions, over TLS, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Stack, started
from tests.e2e.iam.permission import NAMES
from tests.e2e.iam.sandbox import IamHarness
from tools.local.aws import EmulatedAws
from tools.simulators.elevenlabs.simulator import ElevenLabsSimulator


class EnforcedStack(Stack):
    """The stack as `AUTH=true USE_SSL=1 make up` starts it."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.always = {"AUTH": "true", "USE_SSL": "1"}

    @property
    def aws(self) -> EmulatedAws:
        """The account's owner, whom no policy binds."""
        certificate = Path(self.endpoints["aws_ca_bundle"])
        return EmulatedAws(self.endpoints["aws_endpoint_url"], certificate=certificate)

    def client(self, service: str) -> Any:
        return self.aws.client(service)


@pytest.fixture(scope="package")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnforcedStack]:
    """In place of the stack that the other tests share."""
    with started(EnforcedStack(tmp_path_factory.mktemp("enforced"))) as stack:
        yield stack


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IamHarness]:
    """One more with nothing that moves by itself: no event source, no schedule. ElevenLabs is simulated."""
    with started(EnforcedStack(tmp_path_factory.mktemp("world"))) as stack, ElevenLabsSimulator() as elevenlabs:
        sandbox = IamHarness(stack, stack.aws, elevenlabs)
        _stop_what_moves(sandbox)
        _introduce(sandbox)
        yield sandbox


def _stop_what_moves(sandbox: IamHarness) -> None:
    functions, scheduler = sandbox.aws.functions(), sandbox.aws.client("scheduler")
    for source in functions.list_event_source_mappings()["EventSourceMappings"]:
        functions.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    for schedule in scheduler.list_schedules()["Schedules"]:
        scheduler.delete_schedule(Name=schedule["Name"])


def _introduce(sandbox: IamHarness) -> None:
    """Tell reconciliation where the simulated ElevenLabs is, and give it the key."""
    functions, name = sandbox.aws.functions(), NAMES.function("reconciliation")
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    answer_text = variables | {"ELEVENLABS_API_URL": sandbox.elevenlabs.api_url}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": answer_text})
    key = json.dumps({"api_key": sandbox.elevenlabs.api_key})
    sandbox.aws.secrets_manager().put_secret_value(SecretId=NAMES.secret("elevenlabs-api"), SecretString=key)
    search_key = NAMES.secret("search-key")
    sandbox.aws.secrets_manager().put_secret_value(SecretId=search_key, SecretString="an invented key of the search")
