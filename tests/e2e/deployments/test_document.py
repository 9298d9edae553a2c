"""docs/deploy.md is followed to the letter in a fresh clone: its blocks of commands, then those in its sentences,
against the emulated AWS.

Left out, each with its reason, is what asks GitHub or somebody else's system (`NOT_RUN`, `NOT_FOLLOWED`). An API's host
name at AWS leads nowhere here, so the outputs name the emulator's instead (`INSTEAD`); `aws` is a stand-in that calls
the same operations.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

import pytest

from postcall.domain.access import token_hash as hash_of
from tests.e2e.deployments.clone import REGION, Clone, install_cli
from tools.local.aws import ACCOUNT
from tools.local.paths import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("deployments")]

HERE: Final = Path(__file__).parent
DOCUMENT: Final = "docs/deploy.md"
BLOCK: Final = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
NOT_RUN: Final = {"gh api ": "asks GitHub about a repository that is not there"}
INLINE: Final = re.compile(r"`((?:make|aws|npx|postcall|put|gh|cdk|python3) [^`]+)`")
UPDATED: Final = "update-termination-protection"
# In an order that leaves something for each; the ends of an environment last.
FOLLOWED: Final = (
    "aws lambda get-account-settings",
    "make diff ENV=uat",
    "put elevenlabs-webhook 'wsec_…'",
    "aws cloudwatch set-alarm-state --alarm-name postcall-uat-api-5xx --state-value ALARM --state-reason look",
    "npx --no-install cdk destroy --app cdk.out/uat postcall-uat-monitoring",
    "make deploy ENV=uat",
    "make sleep ENV=uat",
    "make wake ENV=uat",
    "make teardown ENV=uat SURE=postcall-uat",
    f"aws cloudformation {UPDATED} --no-enable-termination-protection --stack-name …",
)
NAMED: Final = frozenset({"make diff", "make deploy", "postcall doctor"})  # in passing: nobody is told to type it there
NOT_FOLLOWED: Final = {
    "make setup": "done to the clone before anything else",
    "make synth ENV=uat": "the first thing that `make deploy ENV=uat` does",
    "make preflight ENV=uat": "a block has run it; after a deployment it makes dispatch ask the CRM's real address",
    "aws lambda invoke": "the same: it asks the CRM's real address",
    "aws backup update-region-settings": "the emulator knows no AWS Backup",
    "gh api ": "asks GitHub about a repository that is not there",
    "make deploy ENV=prod": "test_deployments.py does production's",
    "npx --no-install cdk destroy --app cdk.out/prod --exclusively": "the same",
    "postcall --env uat doctor --first-day": "followed by itself: it ends with 1 as long as a step is open",
}
COLOUR: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
HOST_NAME: Final = re.compile(r"http://(\w+)\.execute-api\.127\.0\.0\.1:(\d+)")
INSTEAD: Final = r"http://127.0.0.1:\2/_aws/execute-api/\1/$default"
SMOKE: Final = "python3 -m tools.postcall.smoke"
TOKEN: Final = "a token of the test, long enough for one"
SECRETS: Final = ("openai", "elevenlabs-api", "operator-tokens")


def inline() -> list[str]:
    """The commands that stand in the document's sentences, each once."""
    text = BLOCK.sub("", (ROOT / DOCUMENT).read_text(encoding="utf-8"))
    return [*dict.fromkeys(INLINE.findall(text))]


def blocks(clone: Clone) -> list[str]:
    """The document's blocks of commands, with the account and a token's hash where the reader is to put them."""
    text = (clone.folder / DOCUMENT).read_text(encoding="utf-8")
    own = {"ACCOUNT/REGION": f"{clone.account}/{REGION}", '"sha256": "…"': f'"sha256": "{hash_of(TOKEN)}"'}
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
    done = at_a_terminal(clone, script(block), commands)
    assert done.returncode == 0, done.stdout
    return COLOUR.sub("", done.stdout)


def at_a_terminal(clone: Clone, text: str, commands: Path, **more: str) -> CompletedProcess[str]:
    """Run a script where `aws` and the clone's own commands are found."""
    path = os.pathsep.join([str(commands), str(clone.folder / ".venv" / "bin"), os.environ["PATH"]])
    return clone.run(sys.executable, str(HERE / "at_a_terminal.py"), "bash", "-c", text, PATH=path, **more)


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the command `aws`."""
    aws = tmp_path_factory.mktemp("commands") / "bin" / "aws"
    aws.parent.mkdir()
    aws.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(HERE / "aws_command.py")])} "$@"\n')
    aws.chmod(0o755)
    return aws.parent


@dataclass(frozen=True)
class Followed:
    """UAT after the blocks, and what each printed."""

    uat: Clone
    printed: list[str]
    commands: Path


@pytest.fixture(scope="module")
def followed(bare_clone: Callable[[str], Clone], commands: Path) -> Followed:
    uat = bare_clone(ACCOUNT)  # the one whose functions answer without credentials
    return Followed(uat, [follow(uat, block, commands) for block in blocks(uat)], commands)


@pytest.mark.long
def test_the_document_is_followed_to_the_letter(followed: Followed) -> None:
    uat, printed = followed.uat, followed.printed
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


@pytest.mark.long
def test_the_first_days_list_is_ticked(followed: Followed) -> None:
    url = HOST_NAME.sub(INSTEAD, followed.uat.outputs("postcall-uat-api")["ApiUrl"])
    given = {"POSTCALL_UAT_API_URL": url, "POSTCALL_UAT_TOKEN": TOKEN, "POSTCALL_UAT_AWS_REGION": REGION}

    done = at_a_terminal(followed.uat, "postcall --env uat doctor --first-day", followed.commands, **given)

    assert done.returncode == 1, done.stdout
    assert "The API answers" in done.stdout  # a narrow terminal breaks what follows


@pytest.mark.long
def test_the_commands_in_its_sentences_are_followed_too(followed: Followed) -> None:
    """URL and address are the same after each, and only they are left at the end, without protection."""
    uat, put = (
        followed.uat,
        next(line for line in "\n".join(blocks(followed.uat)).splitlines() if line.startswith("put()")),
    )
    staying = ("postcall-uat-api", "postcall-uat-address")
    before = {name: uat.outputs(name) for name in staying}

    for command in FOLLOWED:
        text = command.replace("--stack-name …", f"--stack-name {staying[0]}")
        done = at_a_terminal(uat, f"set -euo pipefail\n{put}\n{text}", followed.commands)
        assert done.returncode == 0, f"{text}\n{done.stdout}"
        assert {name: uat.outputs(name) for name in staying} == before, text

    assert {name for name in uat.statuses() if name.startswith("postcall-uat-")} == {*staying, "postcall-uat-ci"}
    (api,) = uat.aws.cloudformation().describe_stacks(StackName=staying[0])["Stacks"]
    assert not api["EnableTerminationProtection"]


def test_every_command_in_a_sentence_is_followed_or_has_a_reason() -> None:
    commands = inline()

    assert {*FOLLOWED} <= {*commands}
    assert all(any(each.startswith(start) for each in commands) for start in NOT_FOLLOWED)
    left = [each for each in commands if each not in {*FOLLOWED, *NAMED} and not each.startswith(tuple(NOT_FOLLOWED))]
    assert left == []


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
