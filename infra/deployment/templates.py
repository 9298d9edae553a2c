"""Templates by stack: as they were synthesised, as they are deployed, or as a commit would make them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from types_boto3_cloudformation import CloudFormationClient

SUFFIX: Final = ".template.json"
ROOT: Final = Path(__file__).resolve().parents[2]
Template = dict[str, Any]


def synthesised(folder: Path, environment: str) -> dict[str, Template]:
    """The templates in a folder, by their stacks' names."""
    paths = folder.glob(f"postcall-{environment}-*{SUFFIX}")
    return {path.name.removesuffix(SUFFIX): json.loads(path.read_text(encoding="utf-8")) for path in sorted(paths)}


def deployed(cloudformation: CloudFormationClient, stacks: Iterable[str]) -> dict[str, Template]:
    """The templates of those stacks that there are."""
    found: dict[str, Template] = {}
    for stack in stacks:
        try:
            template: Any = cloudformation.get_template(StackName=stack)["TemplateBody"]
        except ClientError as error:
            if "does not exist" not in str(error):
                raise
        else:
            found[stack] = json.loads(template) if isinstance(template, str) else template
    return found


def of_commit(commit: str, environment: str) -> dict[str, Template]:
    """The templates that a commit of this repository makes.

    Raises:
        subprocess.CalledProcessError: There is no such commit, or it cannot be synthesised.
    """
    with tempfile.TemporaryDirectory() as folder:
        tree, output = Path(folder) / "tree", Path(folder) / "cdk.out"
        _git("worktree", "add", "--quiet", "--detach", str(tree), commit)
        try:
            _synthesise(tree, output, environment)
            return synthesised(output, environment)
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _synthesise(tree: Path, output: Path, environment: str) -> None:
    """Without the dependency layer and without checks: templates alone."""
    flags: dict[str, Any] = json.loads((tree / "cdk.json").read_text(encoding="utf-8"))["context"]
    context = flags | {"aws:cdk:bundling-stacks": [], "env": environment}
    more = {
        "CDK_OUTDIR": str(output),
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_VALIDATION": "false",
        "PYTHONPATH": os.pathsep.join([str(tree), str(tree / "layers/postcall/python")]),
    }
    subprocess.run([sys.executable, "-m", "infra.app"], cwd=tree, env=os.environ | more, check=True)


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True)  # noqa: S603, S607 — our own command line
