"""An environment asleep: what costs money by the hour goes, what people and systems know of it stays.

Asleep there are the address, the API's URL and the data; network, pipeline and monitoring come back by a deployment.
List prices of eu-central-1 in dollars a month, of AWS's public pages in 2026-11; usage comes on top.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from infra.environments import Environment
    from infra.names import Lifetime

KEY: Final = "AWS::KMS::Key"
BILLED_ROTATIONS: Final = 2  # each adds the price of a key; later ones add nothing
SLEEPING: Final[tuple[Lifetime, ...]] = ("monitoring", "pipeline", "network")
HOURS_A_MONTH: Final = 730
AT_REST: Final = {
    "AWS::EC2::EIP": 0.005 * HOURS_A_MONTH,
    "AWS::EC2::NatGateway": 0.052 * HOURS_A_MONTH,
    "AWS::KMS::Key": 1.0,
    "AWS::SecretsManager::Secret": 0.40,
    "AWS::CloudWatch::Alarm": 0.10,  # for each metric that it looks at
    "AWS::CloudWatch::Dashboard": 3.0,
    "AWS::WAFv2::WebACL": 5.0 + 3 * 1.0,
}


def sleeping_stacks(environment: Environment) -> list[str]:
    """The stacks that go, in the order in which they can.

    Raises:
        ValueError: For a protected environment.
    """
    if environment.data.protected:
        raise ValueError(f"{environment.name} is protected: nobody puts it to sleep in passing")
    there = [each for each in SLEEPING if each != "network" or environment.network.vpc_id is None]
    return [environment.names.stack(lifetime) for lifetime in there]


def teardown_stacks(environment: Environment) -> list[str]:
    """The stacks that go with their data.

    Raises:
        ValueError: For a protected environment.
    """
    return [*sleeping_stacks(environment), environment.names.stack("data")]


def at_rest(templates: Iterable[Mapping[str, Any]], *, years: int = 0) -> dict[str, float]:
    """Dollars a month, after so many years, of what stands there without doing anything, by resource type."""
    return {kind: count * AT_REST[kind] for kind, count in billed(templates, years=years).items()}


def billed(templates: Iterable[Mapping[str, Any]], *, years: int = 0) -> dict[str, int]:
    """How many times each price is paid, by resource type in the prices' order."""
    counts: Counter[str] = Counter()
    for template in templates:
        for each in template.get("Resources", {}).values():
            counts[each["Type"]] += _units(each["Type"], each.get("Properties", {}), years)
    return {kind: counts[kind] for kind in AT_REST if counts[kind]}


def _units(kind: str, properties: Mapping[str, Any], years: int) -> int:
    if kind == KEY and properties.get("EnableKeyRotation"):
        turned = years * 365 // int(properties.get("RotationPeriodInDays", 365))
        return 1 + min(turned, BILLED_ROTATIONS)
    if kind == "AWS::CloudWatch::Alarm" and "Metrics" in properties:
        return sum("MetricStat" in each for each in properties["Metrics"])
    return 1
