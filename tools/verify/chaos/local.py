"""The local stack with a fault proxy between its functions, and only them, and the emulated AWS."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.e2e.conftest import Stack
from tests.support.builders import any_webhook
from tools.local.paths import LocalDirectory
from tools.local.private_file import read_json
from tools.simulators.elevenlabs.delivery import deliver, post
from tools.simulators.elevenlabs.workspace import Webhook
from tools.simulators.model import MODEL
from tools.verify.chaos import workers
from tools.verify.chaos.crm import Crm
from tools.verify.chaos.model import Model
from tools.verify.chaos.proxy import FaultProxy
from tools.verify.chaos.queues import Queues
from tools.verify.chaos.settings import FUNCTION, ActSettings

WORKERS = 4
WEBHOOK_SECRET = "postcall/local/elevenlabs-webhook"
FUNCTIONS = ("intake", "analysis", "dispatch", "operations", "reconciliation")


class RealStack:
    """The running stack: what a vendor, an operator and a bad day can do to it."""

    def __init__(self, stack: Stack, proxy: FaultProxy, model: Model) -> None:
        endpoints = stack.endpoints
        self.proxy, self.model = proxy, model
        self.crm = Crm(endpoints["crm_admin_url"], endpoints["crm_url"])
        self.call_api = stack.call_api
        self._stack = stack
        self._emulator: int = read_json(LocalDirectory(stack.directory).processes)["aws"]["pid"]
        self.queues = Queues(self._client("sqs"), endpoints["queues"])
        self._lambda, self._table = self._client("lambda"), self._client("dynamodb")
        self._secrets = self._client("secretsmanager")
        self._template = {name: self._configuration(name) for name in FUNCTIONS}

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service
            endpoint_url=self._stack.endpoints["aws_endpoint_url"],
            region_name=self._stack.endpoints["region"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 2}, max_pool_connections=30),
        )

    def configure(self, settings: ActSettings) -> None:
        """Give every function its way through the proxy and the act's settings; those that change start anew."""
        timeouts = settings.timeouts()
        for name, variables in settings.variables().items():
            template = self._template[name]
            environment = template["Environment"]["Variables"] | self.proxy.variables | variables
            self._set(name, Timeout=timeouts.get(name, template["Timeout"]), Environment={"Variables": environment})
        self.queues.set_visibility(settings.waits.visibility())
        self.crm.repeats_conflict(conflict=settings.repeats_conflict)

    def widen(self) -> None:
        """Let as many workers run at once as the emulated AWS gives a function, so that schedules wait for nobody."""
        for function in ("analysis", "dispatch"):
            answer = self._lambda.list_event_source_mappings(FunctionName=f"{FUNCTION}{function}")
            for mapping in answer["EventSourceMappings"]:
                self._lambda.update_event_source_mapping(
                    UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": WORKERS}
                )

    def deliver(self, event_id: str, *, retries: bool, **members: Any) -> list[int]:
        """A webhook, delivered as ElevenLabs does it, without its pauses; the status of each try (0: no answer)."""
        endpoints = self._stack.endpoints
        webhook = Webhook(url=endpoints["webhook_url"], secret=endpoints["webhook_secret"], retry_enabled=retries)
        tries = deliver(any_webhook(event_id, **members), how="normal", webhook=webhook, now=time.time, send=post)
        return [one.status or 0 for one in tries]

    def kill(self, function: str) -> int:
        """SIGKILL all execution environments of a function; how many there were."""
        return workers.kill(workers.function_processes(self._emulator, f"{FUNCTION}{function}"))

    @contextmanager
    def webhook_secret(self, wrongly: str) -> Iterator[None]:
        """Store the webhook's secret wrongly, such as `"{}"`, and rightly again; intake starts anew with each."""
        right = str(self._stack.endpoints["webhook_secret"])
        self._store_secret(wrongly.format(right))
        try:
            yield
        finally:
            self._store_secret(right)

    def _store_secret(self, text: str) -> None:
        self._secrets.put_secret_value(SecretId=WEBHOOK_SECRET, SecretString=text)
        variables = self._configuration("intake")["Environment"]["Variables"]
        self._set("intake", Environment={"Variables": variables | {"STARTED_ANEW_AT": str(time.time())}})

    def redrive(self, step: str) -> None:
        """What an operator does with the dead letters of a step."""
        self.call_api("POST", f"/api/queues/{step}/redrive", json={"reason": "The cause is mended."}).raise_for_status()

    def sweep(self) -> None:
        """What the schedule orders every few minutes."""
        self._lambda.invoke(FunctionName=f"{FUNCTION}reconciliation", Payload=b'{"command": "sweep"}')

    def status(self, event_id: str) -> str | None:
        """Where the stored event stands, from the table itself: for waiting, not for judging."""
        key = {"event_id": {"S": event_id}}
        answer = self._table.get_item(TableName=self._events, Key=key, ConsistentRead=True)
        return str(answer["Item"]["status"]["S"]) if "Item" in answer else None

    def logged(self, function: str, event_id: str, message: str) -> bool:
        """Whether a function has written such a line about an event."""
        log = Path(self._stack.endpoints["logs"]) / f"{FUNCTION}{function}.log"
        lines = log.read_text(encoding="utf-8").splitlines()
        return any(event_id in line and message in line for line in lines)

    def forget(self, event_id: str) -> None:
        """Delete the stored event: what no code of ours does."""
        self._table.delete_item(TableName=self._events, Key={"event_id": {"S": event_id}})

    def forget_attempt(self, event_id: str, attempt: int) -> None:
        """Delete an attempt from the record: what no code of ours does either."""
        key = {"event_id": {"S": event_id}, "attempt": {"N": str(attempt)}}
        self._table.delete_item(TableName=self._stack.endpoints["tables"]["crm_dispatches"], Key=key)

    @property
    def _events(self) -> str:
        return str(self._stack.endpoints["tables"]["webhook_events"])

    def _set(self, function: str, **wanted: Any) -> None:
        found = self._configuration(function)
        if any(found[name] != value for name, value in wanted.items()):
            self._lambda.update_function_configuration(FunctionName=f"{FUNCTION}{function}", **wanted)

    def _configuration(self, function: str) -> dict[str, Any]:
        return dict(self._lambda.get_function_configuration(FunctionName=f"{FUNCTION}{function}"))


@contextmanager
def running_stack(directory: Path) -> Iterator[RealStack]:
    """Up, with a model, for as long as the block lasts."""
    stack, model = Stack(directory), Model()
    try:
        with model:
            stack.up(OPENAI_API_KEY="sk-invented", OPENAI_BASE_URL=model.base_url, OPENAI_MODEL=MODEL)
            proxy = FaultProxy(stack.endpoints["aws_endpoint_url"], directory / "logs" / "fault-proxy.log")
            with proxy.running():
                real = RealStack(stack, proxy, model)
                real.widen()
                with closing(real.crm):
                    yield real
    finally:
        stack.command("down")
