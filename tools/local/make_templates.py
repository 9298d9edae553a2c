"""Synthesise one environment with every check on: `python -m tools.local.make_templates uat`.

It needs no credentials and no account.

Says what the templates are made of, what each checker found, and where they lie: in `cdk.out/ENVIRONMENT`, ready for
`cdk deploy --app`. The exit code is 1 when anything was found or could not be made.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.local.node import with_own_node

if TYPE_CHECKING:
    from infra.environments import Environment

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "cdk.out"
NO_BUNDLING: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
# Two of cfn-lint's warnings that are not about us; everything else counts.
LEFT_OUT = {
    "W3010": "zones are named so that no account is asked; the validator knows the same rule, acknowledged at the VPC",
    "W3005": "the CDK writes a dependency beside a reference that implies it",
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.local.make_templates", description=__doc__)
    parser.add_argument("environment")
    parser.add_argument(
        "--templates-only", action="store_true", help="without the dependency layer: cannot be deployed, needs no wheel"
    )
    asked = parser.parse_args(arguments)
    _prepare()
    from infra.environments import BadConfigurationError, load  # noqa: PLC0415 — Node is started by what it imports

    try:
        environment = load(asked.environment)
        folder = _synthesised(environment, templates_only=asked.templates_only)
    except (BadConfigurationError, RuntimeError) as error:
        print(f"Cannot synthesise: {error}", file=sys.stderr)
        return 1
    _tell_resources(environment, folder)
    _tell_what_is_missing(environment)
    return _tell_findings(folder)


def _prepare() -> None:
    """No credentials by accident, the project's own Node; both before the CDK is imported and starts it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(with_own_node(os.environ) | {"AWS_EC2_METADATA_DISABLED": "true"})


def _synthesised(environment: Environment, *, templates_only: bool) -> Path:
    """The folder of the assembly. A finding does not raise here: the report tells it."""
    import aws_cdk as cdk  # noqa: PLC0415 — the import starts Node

    from infra.app import add_environment, feature_flags  # noqa: PLC0415 — the same
    from infra.checks import add_checks  # noqa: PLC0415 — the same
    from infra.resources.dependency_layer import layer_build  # noqa: PLC0415 — the same

    folder = OUTPUT / (f"{environment.name}.templates" if templates_only else environment.name)
    shutil.rmtree(folder, ignore_errors=True)
    if not templates_only:
        layer_build(environment).built()  # first, so that a failure is the builder's own sentence
    app = cdk.App(context=feature_flags() | (NO_BUNDLING if templates_only else {}), outdir=str(folder))
    add_checks(app)
    add_environment(app, environment)
    try:
        app.synth()
    except RuntimeError:
        if not (folder / "validation-report.json").exists():
            raise
    if templates_only:  # an asset without its content would be uploaded under the right one's name
        (folder / "manifest.json").unlink(missing_ok=True)
    return folder


def _tell_resources(environment: Environment, folder: Path) -> None:
    templates = {path.name.split(".")[0]: _template(path) for path in sorted(folder.glob("*.template.json"))}
    count = sum(len(template["Resources"]) for template in templates.values())
    print(f"{environment.names.prefix}: {len(templates)} stacks, {count} resources")
    for name, template in templates.items():
        print(f"  {len(template['Resources']):4} {name}")
    print(f"Templates: {folder.relative_to(ROOT)}")


def _tell_what_is_missing(environment: Environment) -> None:
    from infra.deployment.readiness import missing  # noqa: PLC0415 — like the environment's own import

    for sentence in missing(environment):
        print(f"NOT READY to be deployed: {sentence}.", file=sys.stderr)


def _tell_findings(folder: Path) -> int:
    from infra.checks import NAG, VALIDATOR, acknowledged, findings  # noqa: PLC0415 — it imports the CDK

    found = findings(folder)
    reasons = acknowledged(folder)
    beside = {
        NAG: f"{len(reasons)} acknowledged, each with its reason",
        "cfn-lint": f"without {' and '.join(LEFT_OUT)}",
    }
    names = {NAG: "cdk-nag AwsSolutions", VALIDATOR: "CloudFormation's validator"}
    for checker, sentences in (found | {"cfn-lint": _linted(folder)}).items():
        more = f" ({beside[checker]})" if checker in beside else ""
        print(f"{names.get(checker, checker)}: {len(sentences)} findings{more}")
        found[checker] = sentences
    for sentence in (each for sentences in found.values() for each in sentences):
        print(f"  {sentence}", file=sys.stderr)
    return 1 if any(found.values()) else 0


def _linted(folder: Path) -> list[str]:
    from cfnlint.api import lint  # type: ignore[import-untyped]  # noqa: PLC0415 — a second of imports
    from cfnlint.config import ManualArgs  # type: ignore[import-untyped]  # noqa: PLC0415 — the same

    sentences = []
    for path in sorted(folder.glob("*.template.json")):
        matches = lint(path.read_text(encoding="utf-8"), config=ManualArgs(ignore_checks=list(LEFT_OUT)))
        sentences += [f"{each.rule.id}: {each.message} ({path.name}:{each.linenumber})" for each in matches]
    return sentences


def _template(path: Path) -> dict[str, Any]:
    template: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return template


if __name__ == "__main__":
    sys.exit(main())
