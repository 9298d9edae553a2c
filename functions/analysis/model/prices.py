"""What a model call cost: tokens times the price of its day, from `prices.toml`. No server reports a cost itself."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from postcall.domain.analysis import Usage

_MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens of one model, from a day on."""

    model: str
    since: date
    input: float
    cached: float
    output: float


@cache
def prices() -> tuple[Price, ...]:
    """The table."""
    table = tomllib.loads((Path(__file__).parents[1] / "prices.toml").read_text(encoding="utf-8"))
    return tuple(Price(**row) for row in table["price"])


def priced(usage: Usage, model: str, *, on: date, table: Sequence[Price]) -> Usage:
    """The usage with its cost; without one where the table does not know the model on that day."""
    if usage.input_tokens == usage.output_tokens == 0:
        return usage  # the server did not say
    rows = [row for row in table if model.startswith(row.model) and row.since <= on]
    if not rows:
        return usage
    row = max(rows, key=lambda one: (len(one.model), one.since))
    fresh = usage.input_tokens - usage.cached_tokens
    dollars = fresh * row.input + usage.cached_tokens * row.cached + usage.output_tokens * row.output
    return replace(usage, cost_usd=round(dollars / _MILLION, 6))


def total(usages: Sequence[Usage]) -> Usage:
    """Several calls' tokens together."""
    return Usage(
        input_tokens=sum(usage.input_tokens for usage in usages),
        cached_tokens=sum(usage.cached_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
    )
