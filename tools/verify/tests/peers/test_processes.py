"""Which processes belong to a system."""

from __future__ import annotations

from tools.verify.peers.processes import Row, descendants


def test_a_tree_is_the_children_and_theirs_and_nobody_else() -> None:
    rows = [Row(1, 0, 10), Row(2, 1, 20), Row(3, 2, 30), Row(4, 0, 40), Row(5, 1, 50)]

    assert {row.pid for row in descendants(1, rows)} == {2, 3, 5}


def test_a_process_without_children_has_no_tree() -> None:
    assert descendants(9, [Row(9, 1, 10)]) == []
