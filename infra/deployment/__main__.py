"""Deploy, compare, put to sleep: `python -m infra.deployment check|preflight|guard|deploy|sleep|teardown ENV`.

What cannot work is refused before AWS is asked, by every command that touches the account; what is deployed is what
`make synth` made.

`preflight ENV` looks at the account with the shell's credentials and makes a page of ticks; 1 where something is wrong.
`guard ENV` tells what the synthesised templates would do to what is deployed, `guard ENV FOLDER` to the templates in a
folder, `guard ENV COMMIT` to those of a commit, and `guard ENV COMMIT COMMIT` what the second commit's would do to the
first's; the exit code is 1 where a change is refused, or loses URL or address.
`sleep ENV` takes down what costs money by the hour and keeps URL, addresses and data; `deploy` wakes it up again.
`teardown ENV NAME` takes down the data as well, where NAME is what the environment's resources begin with.
`deploy` hands its other arguments on to the CDK's command line. A first deployment that fails can simply be repeated:
a protected stack is protected once it is complete, by the same command.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from infra.deployment import templates
from infra.deployment.account import session
from infra.deployment.first import COMPLETE, protected_stacks, without_protection
from infra.deployment.guard import Effect, Verdict, judge
from infra.deployment.preflight import Tick, preflight
from infra.deployment.readiness import missing
from infra.deployment.rest import at_rest, sleeping_stacks, teardown_stacks
from infra.environments import BadConfigurationError, Environment, load
from postcall.domain.said import LANGUAGES, in_language

if TYPE_CHECKING:
    import boto3
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_s3.service_resource import Bucket

OUTPUT: Final = Path(__file__).resolve().parents[2] / "cdk.out"
CDK: Final = ("npx", "--no-install", "cdk", "deploy", "--all", "--outputs-file", "outputs.json")
CDK_DESTROY: Final = ("npx", "--no-install", "cdk", "destroy", "--force", "--exclusively")
Run = Callable[[Sequence[str]], int]


def main(arguments: Sequence[str]) -> int:
    """Run a command; what was written wrongly is one sentence."""
    try:
        return _command(arguments)
    except BadConfigurationError as error:
        print(error, file=sys.stderr)
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(map(str, error.cmd))} failed, as it says above.", file=sys.stderr)
    return 1


def _command(arguments: Sequence[str]) -> int:  # noqa: PLR0911 — one for each command
    match arguments:
        case ["check", name]:
            return check(name)
        case ["preflight", name]:
            return check(name) or look(load(name), _own_session(load(name)))
        case ["guard", name, *between] if len(between) <= 2:  # noqa: PLR2004 — from, and to
            return guard(name, *between)
        case ["sleep", name]:
            return check(name) or sleep(load(name), _run)
        case ["teardown", name, *named]:
            return check(name) or teardown(load(name), named, _bucket_of(load(name)), _run)
        case ["deploy", name, *more]:
            return check(name) or deploy(OUTPUT / name, _cloudformation(load(name)), _run, more)
    print(__doc__, file=sys.stderr)
    return 2


def check(name: str) -> int:
    """Tell what the environment still lacks; 0 when nothing."""
    try:
        sentences = list(missing(load(name)))
    except BadConfigurationError as error:
        sentences = [str(error)]
    for sentence in sentences:
        print(f"{name} is not ready to be deployed: {sentence.rstrip('.')}.", file=sys.stderr)
    return 1 if sentences else 0


def look(environment: Environment, session: boto3.session.Session) -> int:
    """Tell what a deployment would meet in the account; 1 where it would fail or leave something unheard."""
    findings = []
    for finding in preflight(environment, session):
        print(f"{finding.tick} {in_language(finding.sentence, language())}", flush=True)
        findings.append(finding)
    return 1 if any(finding.tick is Tick.WRONG for finding in findings) else 0


def language(environ: Mapping[str, str] = os.environ) -> str:
    """`ru` or `en`: POSTCALL_LANG, else the terminal's own."""
    chosen = (environ.get("POSTCALL_LANG") or environ.get("LC_ALL") or environ.get("LANG") or "")[:2].lower()
    return chosen if chosen in LANGUAGES else "en"


def _own_session(environment: Environment) -> boto3.session.Session:
    import boto3  # noqa: PLC0415 — looking at an environment's file needs no AWS

    return boto3.session.Session(region_name=environment.region)


def guard(name: str, before: str = "", after: str = "") -> int:
    """Tell what the synthesised templates, or a commit's, would do to what is deployed, or a folder's or a commit's."""
    new = templates.of_commit(after, name) if after else templates.synthesised(_newest(name), name)
    if not before:
        old = templates.deployed(_cloudformation(load(name)), new)
    elif Path(before).is_dir():
        old = templates.synthesised(Path(before), name)
    else:
        old = templates.of_commit(before, name)
    return tell(judge(old, new))


def tell(verdicts: Sequence[Verdict]) -> int:
    """A line for each change that is more than safe, and a count of the safe ones; 1 where one must not be made."""
    for each in (each for each in verdicts if each.effect is not Effect.SAFE):
        print(f"{each.effect}: {each.stack} {each.resource}: {each.what}.\n    {each.recipe}")
    safe = sum(each.effect is Effect.SAFE for each in verdicts)
    print(f"{len(verdicts)} changes, {safe} of them safe")
    return 1 if any(each.effect.fails for each in verdicts) else 0


def sleep(environment: Environment, run: Run) -> int:
    """Take down what costs money by the hour, and tell what the rest costs."""
    try:
        stacks = sleeping_stacks(environment)
    except ValueError as error:
        print(f"Not put to sleep: {error}.", file=sys.stderr)
        return 1
    assembly = OUTPUT / environment.name
    if failed := run([*CDK_DESTROY, "--app", str(assembly), *stacks]):
        return failed
    staying = {
        name: each for name, each in templates.synthesised(assembly, environment.name).items() if name not in stacks
    }
    print(f"{environment.name} sleeps. Asleep it costs, in dollars a month:")
    costs = at_rest(staying.values())
    for kind, dollars in (costs | {"together": sum(costs.values())}).items():
        print(f"  {dollars:6.2f}  {kind}")
    return 0


def teardown(environment: Environment, named: Sequence[str], empty: Callable[[], object], run: Run) -> int:
    """Take the environment down with its data, address and URL excepted: first what may write, then what is written.

    `empty` deletes what lies in the payload bucket: a bucket that is not empty cannot go.
    """
    try:
        stacks = teardown_stacks(environment)
    except ValueError as error:
        print(f"Not taken down: {error}.", file=sys.stderr)
        return 1
    if [*named] != [environment.names.prefix]:
        print(f"All data of {environment.name} would be gone for good. To say so: SURE={environment.names.prefix}")
        return 1
    destroy = [*CDK_DESTROY, "--app", str(OUTPUT / environment.name)]
    if failed := run([*destroy, *stacks[:-1]]):
        return failed
    empty()
    return run([*destroy, stacks[-1]])


def _bucket_of(environment: Environment) -> Callable[[], object]:
    """Deletes every object of the payload bucket, by the shell's own credentials."""

    def empty() -> None:
        import boto3  # noqa: PLC0415 — looking at an environment's file needs no AWS

        bucket = boto3.resource("s3", region_name=environment.region).Bucket(environment.names.payload_bucket)
        empty_bucket(bucket)

    return empty


def empty_bucket(bucket: Bucket) -> None:
    """Delete every version and every marker: a bucket that ever kept versions is not empty without its objects."""
    bucket.object_versions.delete()


def _newest(name: str) -> Path:
    """The whole assembly, or where there is none its templates alone."""
    whole = OUTPUT / name
    return whole if whole.is_dir() else OUTPUT / f"{name}.templates"


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


def _cloudformation(environment: Environment) -> CloudFormationClient:
    return session(environment).client("cloudformation")


def _run(command: Sequence[str]) -> int:
    return subprocess.run(command, check=False).returncode  # noqa: S603 — our own command line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
