"""A public function that raises says so in a `Raises:` section, which tells more than that there is a text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tools.local.paths import ROOT


def raised_by(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Raise]:
    """The `raise` statements of the function itself that name an error."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise) and node.exc is not None:
            yield node
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def public_functions(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Those that somebody else can call: of the module and of its classes, not those within a function."""
    for each in node.body:
        if isinstance(each, ast.ClassDef):
            yield from public_functions(each)
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and not each.name.startswith("_"):
            yield each


@pytest.mark.parametrize("folder", ["functions", "infra", "layers", "tools"])
def test_a_public_function_that_raises_says_what(folder: str) -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "raise" in (text := path.read_text(encoding="utf-8"))
        for node in public_functions(ast.parse(text))
        if any(raised_by(node)) and "Raises:" not in (ast.get_docstring(node) or "")
    ]
    assert silent == []


@pytest.mark.parametrize("folder", ["functions", "infra", "layers", "tools"])
def test_what_is_raised_is_said_in_words_of_its_own(folder: str) -> None:
    empty = re.compile(r"^ +[\w.]+: (It does not hold\.|The text says why\.|It did not succeed)", re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT)}: {said[0].strip()}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for said in empty.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
