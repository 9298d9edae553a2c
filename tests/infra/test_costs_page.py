"""docs/costs.md says what the templates of today cost at rest."""

from typing import get_args

from infra.costs_page import PAGE, TITLES, WORDS, page
from infra.deployment.rest import AT_REST, KEY, billed
from infra.names import Lifetime
from tests.infra.templates import Templates

ALARM = "AWS::CloudWatch::Alarm"


def test_the_page_is_that_of_the_templates(synthesised: Templates) -> None:
    templates = {
        env: {f"postcall-{env}-{each}": synthesised.template(env, each) for each in get_args(Lifetime)}
        for env in TITLES
    }

    assert PAGE.read_text(encoding="utf-8") == page(templates), "make docs"


def test_every_price_has_its_word() -> None:
    assert set(WORDS) == set(AT_REST)


def test_an_alarm_is_paid_for_each_metric_and_a_key_for_its_first_two_rotations() -> None:
    several = {"Metrics": [{"MetricStat": {}, "Id": "a"}, {"MetricStat": {}, "Id": "b"}, {"Expression": "a/b"}]}
    key = {"EnableKeyRotation": True, "RotationPeriodInDays": 365}
    resources = {
        "One": {"Type": ALARM, "Properties": {"MetricName": "m"}},
        "Two": {"Type": ALARM, "Properties": several},
    }
    template = {"Resources": resources | {"Key": {"Type": KEY, "Properties": key}}}

    assert billed([template]) == {KEY: 1, ALARM: 3}
    assert [billed([template], years=years)[KEY] for years in (1, 2, 9)] == [2, 3, 3]
