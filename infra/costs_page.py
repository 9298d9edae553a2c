"""Make docs/costs.md, what an environment costs at rest, from its templates: `python -m infra.costs_page`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from infra.deployment.rest import AT_REST
from infra.resources.dependency_layer import ROOT

PAGE: Final = ROOT / "docs" / "costs.md"
TITLES: Final = {"uat": "UAT", "prod": "production"}
WORDS: Final = {
    "AWS::EC2::NatGateway": "NAT gateway",
    "AWS::EC2::EIP": "Elastic IP",
    "AWS::KMS::Key": "key",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::WAFv2::WebACL": "firewall with three rules",
}
INTRODUCTION: Final = """# What an environment costs at rest

Made by `make docs` from the synthesised templates and the list prices in `infra/deployment/rest.py` (Frankfurt,
November 2026); a test holds it against both. Dollars a month of what stands there without a single call; what calls
cost: [capacity.md](capacity.md).

"""
BESIDE: Final = """
Beside it, by use: at most 35 metrics of our own at 0.30 in the hours in which they are counted, the idle polling of two
queues, flow logs and schedules (1 to 2 together, an estimate), backups at 0.12 a GB where `[backup]` is set. Free: the
VPC, its gateway endpoints, roles, the API, queues, tables, functions and the first two budgets at rest. Asleep
(`make sleep`) only Elastic IP, key and secrets are left.
"""
Templates = Mapping[str, Sequence[Mapping[str, Any]]]  # by environment


def page(templates: Templates) -> str:
    """The whole page, as Markdown."""
    counts = {env: _counts(found) for env, found in templates.items()}
    rows = [_row(kind, price, counts) for kind, price in AT_REST.items() if any(each[kind] for each in counts.values())]
    sums = [sum(count * AT_REST[kind] for kind, count in counts[env].items()) for env in TITLES]
    head = f"| | each | {' | '.join(TITLES.values())} |\n|---|---|---|---|"
    total = f"| **together** | | {' | '.join(f'**{dollars:.2f}**' for dollars in sums)} |"
    return INTRODUCTION + "\n".join([head, *rows, total]) + "\n" + BESIDE


def _counts(templates: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    kinds = [each["Type"] for template in templates for each in template.get("Resources", {}).values()]
    return {kind: kinds.count(kind) for kind in AT_REST}


def _row(kind: str, price: float, counts: Mapping[str, Mapping[str, int]]) -> str:
    cells = (f"{counts[env][kind]} × = {counts[env][kind] * price:.2f}" for env in TITLES)
    return f"| {WORDS[kind]} | {price:.2f} | {' | '.join(cells)} |"


def synthesised() -> dict[str, dict[str, dict[str, Any]]]:
    """The templates of today, by environment and stack, without an assembly."""
    import tempfile  # noqa: PLC0415 — only for the command
    from pathlib import Path  # noqa: PLC0415 — the same

    import aws_cdk as cdk  # noqa: PLC0415 — the import starts Node

    from infra.app import add_environment, feature_flags  # noqa: PLC0415 — the same
    from infra.deployment import templates  # noqa: PLC0415 — the same
    from infra.environments import load  # noqa: PLC0415 — the same

    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(context=feature_flags() | {"aws:cdk:bundling-stacks": []}, outdir=folder)
        for env in TITLES:
            add_environment(app, load(env))
        app.synth()
        return {env: templates.synthesised(Path(folder), env) for env in TITLES}


if __name__ == "__main__":
    PAGE.write_text(page({env: [*each.values()] for env, each in synthesised().items()}), encoding="utf-8")
