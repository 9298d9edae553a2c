"""What the running stack tells everybody who works with it: `.local/endpoints.json`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from tools.local.private_file import read_json, write_json

PREFIX = "postcall-local"
WEBHOOK_PATH = "/webhooks/elevenlabs"
CONSOLE_PATH = "/console"


@dataclasses.dataclass(frozen=True)
class Endpoints:
    """Addresses on loopback, and the tokens that open them."""

    api_url: str
    webhook_url: str
    console_url: str | None
    operator_token: str
    webhook_secret: str
    crm_url: str
    crm_admin_url: str | None
    aws_endpoint_url: str
    aws_ca_bundle: str | None
    region: str
    tables: dict[str, str]
    queues: dict[str, str]
    logs: str
    elevenlabs_api_url: str | None = None
    elevenlabs_admin_url: str | None = None

    def write(self, path: Path) -> None:
        """Write the file, readable for its owner only."""
        write_json(path, dataclasses.asdict(self))


def read_endpoints(path: Path) -> Endpoints | None:
    """The endpoints of a stack that is up; nothing when there is none."""
    values: dict[str, Any] = read_json(path)
    try:
        return Endpoints(**values)
    except TypeError:  # no file, or one that another version of the project wrote
        return None


def table_names() -> dict[str, str]:
    """The three tables."""
    return {word: f"{PREFIX}-{word}" for word in ("webhook_events", "analyses", "crm_dispatches")}


def queue_urls(aws_endpoint_url: str, account: str) -> dict[str, str]:
    """The two queues and their dead letters, addressed as SQS's clients want it."""
    return {
        f"{step}{'_dead_letters' if dead else ''}": (
            f"{aws_endpoint_url}/{account}/{PREFIX}-{step}{'-dead-letters' if dead else ''}"
        )
        for step in ("analysis", "dispatch")
        for dead in (False, True)
    }
