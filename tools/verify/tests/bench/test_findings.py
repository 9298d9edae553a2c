"""What a bench says of its figures."""

from __future__ import annotations

import pytest

from tools.verify.bench.findings import Findings, Target, alternate


def findings(**figures: float) -> Findings:
    found = Findings()
    found.note(**figures)
    return found


def test_a_figure_up_to_its_target_meets_it() -> None:
    found = findings(ratio=2.0, share=0.8)
    found.hold(Target("ratio", 2.0), Target("share", 0.8, at_least=True))
    assert found.missed == []


def test_a_figure_beyond_its_target_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    found = findings(requests=3, ratio=2.1, share=0.7)
    found.hold(Target("requests", 2, exact=True), Target("ratio", 2.0), Target("share", 0.8, at_least=True))
    found.print()
    assert [target.figure for target in found.missed] == ["requests", "ratio", "share"]
    assert [line.split("  ")[-1].split(" ", 1)[-1].strip() for line in capsys.readouterr().out.splitlines()] == [
        "MISSED",
        "over the target",
        "under the target",
    ]


def test_sides_take_turns_and_the_first_round_is_left_out() -> None:
    order: list[str] = []

    def side(name: str) -> float:
        order.append(name)
        return float(len(order))

    assert alternate({"a": lambda: side("a"), "b": lambda: side("b")}, 2) == {"a": [3.0, 5.0], "b": [4.0, 6.0]}
    assert order == ["a", "b"] * 3
