"""docs/deploy.md is followed to the letter in a fresh clone: every block of commands, against the emulated AWS.

Left out is what asks GitHub (`NOT_RUN`). An API's host name at AWS leads nowhere here, so the outputs name the
emulator's instead (`INSTEAD`); `aws` is a stand-in that calls the same operations.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.deployments.clone import REGION, Clone, install_cli
from tools.local.aws import ACCOUNT
from tools.local.paths import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("deployments")]

HERE: Final = Path(__file__).parent
DOCUMENT: Final = "docs/deploy.md"
BLOCK: Final = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
NOT_RUN: Final = {"gh api ": "asks GitHub about a repository that is not there"}
COLOUR: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
HOST_NAME: Final = re.compile(r"http://(\w+)\.execute-api\.127\.0\.0\.1:(\d+)")
INSTEAD: Final = r"http://127.0.0.1:\2/_aws/execute-api/\1/$default"
SMOKE: Final = "python3 -m tools.postcall.smoke"
SECRETS: Final = ("openai", "elevenlabs-api", "operator-tokens")


def blocks(clone: Clone) -> list[str]:
    """The document's blocks of commands, with the account and a token's hash where the reader is to put them."""
    text = (clone.folder / DOCUMENT).read_text(encoding="utf-8")
    own = {"ACCOUNT/REGION": f"{clone.account}/{REGION}", '"sha256": "…"': f'"sha256": "{"0" * 64}"'}
    assert all(placeholder in text for placeholder in own)
    for placeholder, value in own.items():
        text = text.replace(placeholder, value)
    return BLOCK.findall(text)


def script(block: str) -> str:
    """The block without the lines that cannot be run here, as one script."""
    lines = [each for each in block.splitlines() if not each.startswith(tuple(NOT_RUN))]
    return "\n".join(["set -euo pipefail", *(_reachable(each) for each in lines)])


def _reachable(line: str) -> str:
    if not line.startswith(SMOKE):
        return line
    return f"{shlex.join([sys.executable, str(Path(__file__).resolve()), 'outputs.json'])}\n{line}"


def follow(clone: Clone, block: str, commands: Path) -> str:
    """Run a block as a person at a terminal does, who says yes when asked; what it printed."""
    if "make cli" in block:
        install_cli(clone)
    path = os.pathsep.join([str(commands), str(clone.folder / ".venv" / "bin"), os.environ["PATH"]])
    printed = clone.must(sys.executable, str(HERE / "at_a_terminal.py"), "bash", "-c", script(block), PATH=path)
    return COLOUR.sub("", printed)


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A folder with the command `aws`."""
    aws = tmp_path / "bin" / "aws"
    aws.parent.mkdir()
    aws.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(HERE / "aws_command.py")])} "$@"\n')
    aws.chmod(0o755)
    return aws.parent


@pytest.mark.long
def test_the_document_is_followed_to_the_letter(bare_clone: Callable[[str], Clone], commands: Path) -> None:
    uat = bare_clone(ACCOUNT)  # the one whose functions answer without credentials
    printed = [follow(uat, block, commands) for block in blocks(uat)]
    secrets = uat.aws.secrets_manager()

    assert len(printed) >= 6
    assert f"aws://{uat.account}/{REGION} bootstrapped" in printed[0]
    assert set(uat.statuses()) == {
        "CDKToolkit",
        *(f"postcall-uat-{word}" for word in ("address", "api", "network", "data", "pipeline", "monitoring", "ci")),
    }
    assert set(uat.statuses().values()) <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
    assert all(secrets.get_secret_value(SecretId=f"postcall/uat/{each}")["SecretString"] for each in SECRETS)
    assert "operations: answers 401, as it should" in "".join(printed)
    assert "intake: answers 401, as it should" in "".join(printed)
    assert '"OutputKey": "WebhookUrl"' in "".join(printed)
    assert '"OutputKey": "StaticIps"' in "".join(printed)


def test_every_line_that_is_not_run_is_there_and_has_a_reason() -> None:
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]

    for start, reason in NOT_RUN.items():
        assert [line for line in lines if line.startswith(start)], reason


def name_the_emulator(outputs: Path) -> None:
    """Rewrite a file of outputs: the API where the emulator serves it."""
    text = outputs.read_text(encoding="utf-8")
    json.loads(text)
    outputs.write_text(HOST_NAME.sub(INSTEAD, text), encoding="utf-8")


if __name__ == "__main__":
    name_the_emulator(Path(sys.argv[1]))
