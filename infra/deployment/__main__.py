"""`python -m infra.deployment check|deploy ENV`: refuse what cannot work, then deploy what `make synth` made.

`deploy` hands its other arguments on to the CDK's command line. A first deployment that fails can simply be repeated:
a protected stack is protected once it is complete, by the same command.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from infra.deployment.first import COMPLETE, protected_stacks, without_protection
from infra.deployment.readiness import missing
from infra.environments import BadConfigurationError, load

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

OUTPUT: Final = Path(__file__).resolve().parents[2] / "cdk.out"
CDK: Final = ("npx", "--no-install", "cdk", "deploy", "--all", "--outputs-file", "outputs.json")
Run = Callable[[Sequence[str]], int]


def main(arguments: Sequence[str]) -> int:
    match arguments:
        case ["check", name]:
            return check(name)
        case ["deploy", name, *more]:
            return check(name) or deploy(OUTPUT / name, _cloudformation(load(name).region), _run, more)
    print(__doc__, file=sys.stderr)
    return 2


def check(name: str) -> int:
    """Tell what the environment still lacks; 0 when nothing."""
    try:
        sentences = list(missing(load(name)))
    except BadConfigurationError as error:
        sentences = [str(error)]
    for sentence in sentences:
        print(f"{name} is not ready to be deployed: {sentence}.", file=sys.stderr)
    return 1 if sentences else 0


def deploy(assembly: Path, cloudformation: CloudFormationClient, run: Run, more: Sequence[str] = ()) -> int:
    """Deploy the assembly, its protected stacks without their protection first where they are not complete yet."""
    incomplete = [name for name in protected_stacks(assembly) if not _is_complete(cloudformation, name)]
    if incomplete:
        print(f"Not complete yet, so protected after this deployment: {', '.join(incomplete)}.", flush=True)
        failed = run([*CDK, "--app", str(without_protection(assembly, incomplete)), *more])
        if failed:
            print("Nothing is protected yet: mend it and run the same command again.", file=sys.stderr)
            return failed
    return run([*CDK, "--app", str(assembly), *more])


def _is_complete(cloudformation: CloudFormationClient, stack: str) -> bool:
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return False
        raise
    return any(each["StackStatus"] in COMPLETE for each in found)


def _cloudformation(region: str) -> CloudFormationClient:
    import boto3  # noqa: PLC0415 — `check` needs no AWS

    return boto3.client("cloudformation", region_name=region)


def _run(command: Sequence[str]) -> int:
    return subprocess.run(command, check=False).returncode  # noqa: S603 — our own command line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
