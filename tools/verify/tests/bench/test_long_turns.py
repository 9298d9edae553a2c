"""The bench of long turns reads what it says it reads."""

from __future__ import annotations

from tools.verify.bench import long_turns


def test_the_turns_are_those_that_were_slow_and_others_of_the_rules_own_words() -> None:
    drawn = list(long_turns.units(40))
    assert len(drawn) == len(set(drawn)) == 40
    assert drawn[: len(long_turns.KNOWN)] == list(long_turns.KNOWN)
    assert drawn == list(long_turns.units(40))


def test_it_tells_the_worst_growth_beside_its_target() -> None:
    found = long_turns.measure(1)
    assert found.figures["units"] == 1
    assert found.figures["worst_unit"] == repr(long_turns.KNOWN[0])
    assert found.targets["worst_growth"].limit == long_turns.AT_MOST
    assert float(found.figures["slowest_seconds"]) > 0
