"""What a new model or prompt changes is counted field by field."""

from __future__ import annotations

from dataclasses import replace

from postcall.domain.analysis import Usage
from postcall.domain.call import ContactValue
from tests.support.builders import any_analysis
from tools.verify.evaluation.comparison import compare, differences


def test_only_what_differs_is_named() -> None:
    before = any_analysis()
    after = replace(
        before, topic="financing", contact=replace(before.contact, phone=ContactValue("+79123456789", "spoken"))
    )
    assert differences(before, before) == {}
    assert differences(before, after) == {
        "topic": ("apartment_purchase", "financing"),
        "phone": ("+375291234567", "+79123456789"),
    }


def test_changes_and_costs_are_added_up() -> None:
    cheap, dear = any_analysis(usage=Usage(cost_usd=0.001)), any_analysis(usage=Usage(cost_usd=0.01), quality_score=2)
    found = compare([(cheap, dear), (cheap, cheap)])
    assert (found.calls, found.changed) == (2, {"quality_score": 1})
    assert (found.cost_before, found.cost_after) == (0.002, 0.011)
