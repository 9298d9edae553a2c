"""n8n from npm with its SQLite database, in its two usual ways of answering a webhook.

The workflow is `recipes/n8n/workflows.json`: webhook with the raw body, its text, HMAC, comparison, HTTP request.
n8n's own command line imports and publishes it. Variables as in n8n's documentation: "Isolate n8n", "Environment
variables".
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from tools.local.ports import free_port
from tools.verify.peers.install import (
    DIRECTORY,
    NODE,
    RECIPES,
    InstallError,
    Say,
    install_npm,
    node_environment,
    npm_version,
)
from tools.verify.peers.systems import HOST, Peer

QUIET: Final = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_DYNAMIC_BANNERS_ENABLED": "false",
    "N8N_LICENSE_AUTO_RENEW_ENABLED": "false",
    "N8N_DISABLED_MODULES": "mcp-registry",  # asks for a list of servers when it starts
    "EXTERNAL_FRONTEND_HOOKS_URLS": "",
    "N8N_DIAGNOSTICS_CONFIG_FRONTEND": "",
    "N8N_DIAGNOSTICS_CONFIG_BACKEND": "",
}
_TEMPLATE: Final = DIRECTORY / "n8n-home"
_INPUTS: Final = ("credentials.json", "package.json", "workflows.json")
_EVENT: Final = re.compile(r"conv_[0-9a-z]{28}")
_REGISTERED: Final = "Did you mean to make a POST request"  # what a registered webhook answers to GET
_FAILED: Final = """
SELECT data.data FROM execution_entity AS execution JOIN execution_data AS data ON data.executionId = execution.id
WHERE execution.status NOT IN ('success', 'running', 'new', 'waiting')
"""
_RETRIES = "its HTTP node retries: 3 tries, 1 s apart (n8n's values when the option is on; it is off by default)"


class N8n(Peer):
    """One of the two workflows in a process of its own."""

    health = "/healthz/readiness"
    workflow: str

    def prepare(self, say: Say) -> None:
        """Install n8n and import the workflows into a home that every start copies."""
        install_npm("n8n", say, compiled=["sqlite3"])
        if (_TEMPLATE / ".ready").exists() and (_TEMPLATE / ".ready").read_text(encoding="utf-8") == _inputs():
            return
        say("importing the workflows into n8n …")
        shutil.rmtree(_TEMPLATE, ignore_errors=True)
        _cli("import:credentials", f"--input={RECIPES / 'n8n/credentials.json'}")
        _cli("import:workflow", f"--input={RECIPES / 'n8n/workflows.json'}")
        for kind in (N8nAtOnce, N8nLastNode):
            _cli("publish:workflow", f"--id={kind.workflow}")
        (_TEMPLATE / ".ready").write_text(_inputs(), encoding="utf-8")

    def furnish(self) -> None:
        """A home with the workflows in its database."""
        shutil.copytree(_TEMPLATE, self.home, dirs_exist_ok=True)

    def command(self) -> Sequence[str]:
        """`n8n start`."""
        return [str(NODE), str(_program()), "start"]

    def environment(self) -> Mapping[str, str]:
        """Quiet, on loopback, with the CRM's address readable by the workflow."""
        return {
            **_environment(self.home),
            "N8N_LISTEN_ADDRESS": HOST,
            "N8N_PORT": str(self.port),
            "N8N_RUNNERS_BROKER_PORT": str(free_port()),
            "N8N_BLOCK_ENV_ACCESS_IN_NODE": "false",
        }

    def is_ready(self) -> bool:
        """Healthy, and the webhook is registered: for seconds before that n8n answers 404 to it."""
        return super().is_ready() and _REGISTERED in self.ask(self.path)[1]

    def listed(self) -> set[str]:
        """The events of executions that n8n's list shows as failed or crashed."""
        with closing(sqlite3.connect(self.home / ".n8n" / "database.sqlite", timeout=30)) as database:
            return {event for (data,) in database.execute(_FAILED) for event in _EVENT.findall(data)}

    def versions(self) -> dict[str, str]:
        """n8n's, and Node's below it."""
        node = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        return {"n8n": npm_version("n8n"), "node": node.removeprefix("v")}


class N8nAtOnce(N8n):
    """Webhook node: Respond, Immediately."""

    name = "n8n_at_once"
    setting = f"answers immediately, before the signature is checked; {_RETRIES}"
    path = "/webhook/at-once"
    workflow = "leadAtOnce000001"


class N8nLastNode(N8n):
    """Webhook node: Respond, When Last Node Finishes."""

    name = "n8n_last_node"
    setting = f"answers when the last node has finished; {_RETRIES}"
    path = "/webhook/last-node"
    workflow = "leadLastNode0001"


def _environment(home: Path) -> dict[str, str]:
    own = {"N8N_USER_FOLDER": str(home), "N8N_ENCRYPTION_KEY": "invented", "DB_TYPE": "sqlite"}
    return node_environment({**QUIET, **own})


def _cli(*arguments: str) -> None:
    _TEMPLATE.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [NODE, _program(), *arguments]
    done = subprocess.run(command, env=_environment(_TEMPLATE), capture_output=True, text=True, check=False)
    if done.returncode:
        raise InstallError(f"n8n {arguments[0]} failed:\n{(done.stdout + done.stderr)[-800:]}")


def _program() -> Path:
    return DIRECTORY / "installed" / "n8n" / "node_modules" / "n8n" / "bin" / "n8n"


def _inputs() -> str:
    return "".join((RECIPES / "n8n" / name).read_text(encoding="utf-8") for name in _INPUTS)
