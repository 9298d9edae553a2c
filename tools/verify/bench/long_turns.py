"""What a long turn costs the rules: time may grow with its length, not with the square of it.

    python -m tools.verify.bench.long_turns --units 300

A chat's caller may paste whatever fits a webhook. One word of the rules' own tables is said over and over, alone
or with others, with every sign between them; each such turn is read at two lengths.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import functions.analysis.words
from functions.analysis.grounding import Grounding
from functions.analysis.preprocessing import prepare
from postcall.domain.call import Speaker
from tools.verify.bench.findings import Bench, Findings, Target
from tools.verify.evaluation.analysts import now, offline
from tools.verify.evaluation.dataset import Row, read_rows
from tools.verify.evaluation.hostile import SET

SHORT, LONG = 8_000, 32_000  # characters
AT_MOST = 8.0  # times as long for four times the characters: noise and what is sorted, no squares
KNOWN = (
    "пол",
    "тишинаточка",
    "два-ласка-",
    "собак-",
    "пяцьсот, ",
    "мейлс ",
    "почту-(-проверка-",
    "29 . лся. ",
)  # each was a square
SIGNS = ("", " ", ", ", ". ", "-")
SEED = 1


def units(count: int) -> Iterator[str]:
    """So many texts to repeat: those that were known to be slow, and others drawn from the words of the rules."""
    yield from KNOWN[:count]
    dice = random.Random(SEED)  # noqa: S311 — test data
    for _ in range(count - len(KNOWN)):
        sign = dice.choice(SIGNS)
        yield sign.join(dice.choices(_words(), k=dice.choice((1, 1, 2, 3)))) + sign


def measure(count: int) -> Findings:
    """The worst growth over so many units, and the slowest turn."""
    row = read_rows(SET)[0]
    _seconds(row, "да ", SHORT)  # tables are read once
    grown = {unit: (_seconds(row, unit, SHORT), _seconds(row, unit, LONG)) for unit in units(count)}
    worst = max(grown, key=lambda unit: grown[unit][1] / grown[unit][0])
    found = Findings()
    found.note(
        units=len(grown),
        worst_growth=grown[worst][1] / grown[worst][0],
        slowest_seconds=max(long for _, long in grown.values()),
        worst_unit=repr(worst),
    )
    found.hold(Target("worst_growth", AT_MOST))
    return found


def _seconds(row: Row, unit: str, characters: int) -> float:
    """Of the processor, for everything that rules and proof do with one such turn."""
    text = (unit * (characters // len(unit) + 1))[:characters]
    turn = next(turn for turn in row.call.turns if turn.speaker is Speaker.CALLER)
    call = replace(row.call, turns=(*row.call.turns[:2], replace(turn, text=text)))
    tries = []
    for _ in range(2):
        begun = time.process_time()
        offline().analyse(call, received_at=now())
        Grounding(prepare(call)).missing_from(text)
        tries.append(time.process_time() - begun)
    return min(tries)


@cache
def _words() -> tuple[str, ...]:
    tables = Path(functions.analysis.words.__file__).parent.glob("*.toml")
    found = {word for file in tables for word in re.findall(r"[^\W\d_]+|\d+", file.read_text("utf-8").casefold())}
    return tuple(sorted(found))


BENCH = Bench("long_turns", "how the time of a turn grows with its length", measure, size=300, size_means="units")

if __name__ == "__main__":
    BENCH.main()
