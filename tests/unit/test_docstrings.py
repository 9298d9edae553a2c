"""A public function that raises says so: in a `Raises:` section, or in the sentence that promises it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tools.local.paths import ROOT


def raised_by(function: ast.FunctionDef) -> Iterator[ast.Raise]:
    """The `raise` statements of the function itself that name an error."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise) and node.exc is not None:
            yield node
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize("folder", ["functions", "infra", "layers", "tools"])
def test_a_public_function_that_raises_says_what(folder: str) -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "raise" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if any(raised_by(node)) and (said := ast.get_docstring(node)) is not None and "aises" not in said
    ]
    assert silent == []
