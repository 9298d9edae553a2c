"""A fresh clone of the project whose settings are filled in, and commands in it that reach the emulated AWS alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.local.aws import EmulatedAws
from tools.local.paths import ROOT

REGION: Final = "eu-central-1"
INSTALLED: Final = (".venv", ".venv-emulator")  # what `make setup` has made; the rest is as git has it
NOT_IN_A_SHELL: Final = ("AWS_", "CDK_", "POSTCALL_", "CI", "MAKE", "MFLAGS", "PYTHONDONTWRITEBYTECODE")
SECONDS: Final = 600


@dataclass(frozen=True)
class Clone:
    """The folder, the emulated AWS, and the account that its credentials belong to."""

    folder: Path
    endpoint_url: str
    account: str

    @property
    def aws(self) -> EmulatedAws:
        """Clients of the account."""
        return EmulatedAws(self.endpoint_url, REGION, account=self.account)

    @property
    def shell(self) -> dict[str, str]:
        """What an engineer's shell holds: credentials and a region, here the emulator's; no CI and no outer `make`.

        The path to import from is the clone's: its environments are the project's, which would find the project.
        """
        kept = {name: text for name, text in os.environ.items() if not name.startswith(NOT_IN_A_SHELL)}
        return kept | {
            "PYTHONPATH": os.pathsep.join([str(self.folder), str(self.folder / "layers" / "postcall" / "python")]),
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A command in the folder, whatever it comes to."""
        return subprocess.run(  # noqa: S603 — a test's own command line
            command,
            cwd=self.folder,
            env=self.shell | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=SECONDS,
        )

    def must(self, *command: str, **more: str) -> str:
        """A command that must succeed; what it prints."""
        done = self.run(*command, **more)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def synthesise(self, environment: str) -> Path:
        """The environment's assembly where `make synth` puts it, without its minute of checks."""
        output = self.folder / "cdk.out" / environment
        self.must(
            *(sys.executable, "-m", "infra.app"),
            CDK_OUTDIR=str(output),
            POSTCALL_ENVIRONMENT=environment,
            CDK_VALIDATION="false",
        )
        return output

    def deploy(self, environment: str) -> subprocess.CompletedProcess[str]:
        """What `make deploy` runs after its synthesis; nobody is there to approve."""
        return self.run(
            *(sys.executable, "-m", "infra.deployment", "deploy", environment, "--require-approval", "never")
        )

    def outputs(self, stack: str) -> dict[str, str]:
        """A stack's outputs."""
        (found,) = self.aws.cloudformation().describe_stacks(StackName=stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}

    def statuses(self) -> dict[str, str]:
        """The status of each stack that there is."""
        found = self.aws.cloudformation().describe_stacks()["Stacks"]
        return {each["StackName"]: each["StackStatus"] for each in found if each["StackStatus"] != "DELETE_COMPLETE"}


def fresh_clone(folder: Path, endpoint_url: str, account: str) -> Clone:
    """The working tree as git would hand it out, `make setup` done, and the settings that step 2 asks for filled in.

    The environments are the project's own, so they must be up to date: the clone's `make setup` then changes nothing.
    """
    subprocess.run([ROOT / "tools/local/setup.sh"], check=True)  # noqa: S603 — the project's own
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],  # noqa: S607 — where git lies differs
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for name in INSTALLED:
        (folder / name).symlink_to(ROOT / name)
    (folder / ".local").mkdir()
    (ROOT / ".local" / "layers").mkdir(parents=True, exist_ok=True)
    (folder / ".local" / "layers").symlink_to(ROOT / ".local" / "layers")  # a cache by content
    for environment in ("uat", "prod"):
        _fill_in(folder / "infra" / "environments" / f"{environment}.toml", account)
    return Clone(folder, endpoint_url, account)


def install_cli(clone: Clone) -> None:
    """`make cli`; what the project has installed is linked file by file, so that nobody can harm the original."""
    if (ROOT / "node_modules").is_dir():
        shutil.copytree(ROOT / "node_modules", clone.folder / "node_modules", copy_function=os.link, symlinks=True)
    clone.must("make", "cli")


def prepare_account(clone: Clone) -> None:
    """As bootstrapped as the CDK needs it, without the minute that a bootstrap takes."""
    clone.aws.client("ssm").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String", Overwrite=True
    )
    bucket = f"cdk-hnb659fds-assets-{clone.account}-{REGION}"
    location: Any = {"LocationConstraint": REGION}
    clone.aws.s3().create_bucket(Bucket=bucket, CreateBucketConfiguration=location)


def _fill_in(path: Path, account: str) -> None:
    """Account, repository and who hears an alarm; and this machine's Python and processor: functions run on it."""
    filled: Mapping[str, str] = {
        "account": f'"{account}"',
        "repository": '"owner@1/postcall@2"',
        "python": '"host"',
        "architecture": '"host"',
    }
    text = path.read_text(encoding="utf-8")
    for field, value in filled.items():
        text, found = re.subn(rf"^{field} = .*$", f"{field} = {value}", text, flags=re.MULTILINE)
        assert found == 1, f"{path.name}: {field}"
    if re.search(r"^emails = ", text, flags=re.MULTILINE) is None:
        text = text.replace("[monitoring]\n", '[monitoring]\nemails = ["alarms@example.com"]\n')
    path.write_text(text, encoding="utf-8")
