"""What a judgement costs, by the prices of its day."""

from __future__ import annotations

from datetime import date

import pytest

from functions.analysis.model.prices import Price, priced, prices
from postcall.domain.analysis import Usage


def test_the_price_of_the_models_day_counts() -> None:
    table = (
        Price("m", date(2026, 1, 1), 1.0, 0.1, 2.0),
        Price("m", date(2026, 6, 1), 2.0, 0.2, 4.0),
        Price("m-large", date(2026, 1, 1), 10.0, 1.0, 20.0),
    )
    usage = Usage(input_tokens=1_000_000, cached_tokens=500_000, output_tokens=100_000)
    assert priced(usage, "m-2026-05-01", on=date(2026, 5, 1), table=table).cost_usd == pytest.approx(0.75)
    assert priced(usage, "m-2026-05-01", on=date(2026, 7, 1), table=table).cost_usd == pytest.approx(1.5)
    assert priced(usage, "m-large", on=date(2026, 7, 1), table=table).cost_usd == pytest.approx(7.5)
    assert priced(usage, "other", on=date(2026, 7, 1), table=table).cost_usd is None
    assert priced(Usage(), "m", on=date(2026, 7, 1), table=table).cost_usd is None


def test_the_default_model_has_a_price() -> None:
    usage = priced(Usage(3500, 0, 450), "gpt-6-luna", on=date(2026, 12, 1), table=prices())
    assert usage.cost_usd == pytest.approx(0.000575)
