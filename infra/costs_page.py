"""Make docs/costs.md, what an environment costs at rest, from its templates: `python -m infra.costs_page`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from infra.deployment.rest import AT_REST, HOURS_A_MONTH, KEY, SLEEPING, billed
from infra.resources.dependency_layer import ROOT

PAGE: Final = ROOT / "docs" / "costs.md"
TITLES: Final = {"uat": "UAT", "prod": "production"}
WORDS: Final = {
    "AWS::EC2::NatGateway": "NAT gateway",
    "AWS::EC2::EIP": "Elastic IP",
    "AWS::KMS::Key": "key, in its first year",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::CloudWatch::Alarm": "alarm, for each of its metrics",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::WAFv2::WebACL": "firewall with three rules",
}
INTRODUCTION: Final = """# What an environment costs at rest

Made by `make docs` from the synthesised templates and the list prices in `infra/deployment/rest.py` (Frankfurt,
November 2026); a test holds it against both. Dollars a month of what stands there without a single call; what calls
cost: [capacity.md](capacity.md).

"""
LATER: Final = 5  # years
BESIDE: Final = """
Asleep (`make sleep`) only address, URL and data are left: {asleep:.2f} in UAT, {asleep_later:.2f} after
{years} years. A key costs a dollar more from each of its first two rotations on (`[data] key_rotation_days`):
after {years} years UAT's {uat_key:.2f}, production's {prod_key:.2f}.

Beside it, by use, in either environment:

| | | at most |
|---|---|---|
| metrics of our own | {metrics} at 0.30, each in the hours in which it is counted | {metrics_dollars:.2f} |
| the idle polling of {queues} queues | {polls} million requests at 0.40, one of them free | {polls_dollars:.2f} |
| logs of the {calls} runs that the schedules start | 1 KB each at 0.63 a GB, an estimate | {logs_dollars:.2f} |
| flow logs | 0.05 GB at 0.63, an estimate | 0.03 |
| the NAT gateway's traffic | by the GB, 0.052; without leads there is none | 0.00 |
| backups | where `[backup]` is set: 0.12 a GB, twice with `copy_to` | 0.00 |

Free: the VPC, its gateway endpoints, roles, the API, queues, tables, functions (Lambda's free requests and seconds
cover the schedules' runs) and the first two budgets at rest.
"""
POLLERS, POLLS_A_MINUTE = 5, 3  # Lambda's for an idle queue, each waiting 20 seconds
Template = Mapping[str, Any]
Templates = Mapping[str, Mapping[str, Template]]  # by environment and stack


def page(templates: Templates) -> str:
    """The whole page, as Markdown."""
    counts = {env: billed(found.values()) for env, found in templates.items()}
    rows = [
        _row(kind, price, counts) for kind, price in AT_REST.items() if any(kind in each for each in counts.values())
    ]
    sums = [_dollars(templates[env].values()) for env in TITLES]
    head = f"| | each | {' | '.join(TITLES.values())} |\n|---|---|---|---|"
    total = f"| **together** | | {' | '.join(f'**{dollars:.2f}**' for dollars in sums)} |"
    return INTRODUCTION + "\n".join([head, *rows, total]) + "\n" + BESIDE.format_map(_beside(templates))


def _dollars(templates: Collection[Template], years: int = 0) -> float:
    return sum(count * AT_REST[kind] for kind, count in billed(templates, years=years).items())


def _row(kind: str, price: float, counts: Mapping[str, Mapping[str, int]]) -> str:
    found = {env: counts[env].get(kind, 0) for env in TITLES}
    cells = (f"{count} × = {count * price:.2f}" for count in found.values())
    return f"| {WORDS[kind]} | {price:.2f} | {' | '.join(cells)} |"


def _beside(templates: Templates) -> dict[str, Any]:
    """The figures of what is beside the table."""
    from infra.environments import load  # noqa: PLC0415 — settings are read here alone
    from infra.names import QUEUES  # noqa: PLC0415 — the same
    from infra.resources.metrics import COUNTED_BY  # noqa: PLC0415 — the import starts Node

    staying = [each for stack, each in templates["uat"].items() if stack.rsplit("-", 1)[1] not in SLEEPING]
    schedules = load("prod").schedules
    minutes = HOURS_A_MONTH * 60
    polls = len(QUEUES) * POLLERS * POLLS_A_MINUTE * minutes
    calls = sum(minutes // every for every in (schedules.sweep_every_minutes, schedules.reconcile_every_minutes))
    keys = {env: billed(found.values(), years=LATER)[KEY] * AT_REST[KEY] for env, found in templates.items()}
    return {
        "asleep": _dollars(staying),
        "asleep_later": _dollars(staying, LATER),
        "years": LATER,
        "uat_key": keys["uat"],
        "prod_key": keys["prod"],
        "metrics": len(COUNTED_BY),
        "metrics_dollars": len(COUNTED_BY) * 0.30,
        "queues": len(QUEUES),
        "polls": f"{polls / 1e6:.1f}",
        "polls_dollars": polls / 1e6 * 0.40,
        "calls": f"{calls:,}",
        "logs_dollars": calls / 1e6 * 0.63,
    }


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
    PAGE.write_text(page(synthesised()), encoding="utf-8")
