"""The page on security shows the routes' rights as they are, and each test that it names is there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import functions
from functions.operations.router import ROUTES
from postcall.domain.access import Right

ROOT = Path(functions.__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- routes -->\n", "<!-- end of routes -->"


def table() -> str:
    rows: list[tuple[str, str, Right | None, bool]] = [("POST", "/api/analyze", Right.BRING, False)]
    rows += [(route.method, route.path, route.right, route.is_public) for route in ROUTES]
    lines = ["| route | " + " | ".join(Right) + " |", "|---|" + "---|" * len(Right)]
    for method, path, right, is_public in sorted(rows, key=lambda row: (row[1], row[0])):
        marks = [
            "nobody's" if is_public else "any token" if right is None else "yes" if right is each else ""
            for each in Right
        ]
        lines.append(f"| `{method} {path}` | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"


def test_the_page_shows_every_route_with_its_right() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    shown, after = rest.split(END)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PAGE.write_text(before + BEGIN + table() + END + after, encoding="utf-8")
        shown = table()
    assert shown == table()


def test_each_test_that_the_page_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", PAGE.read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
