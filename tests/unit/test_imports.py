"""No circle of imports, not even one that only types need: a module can be read after those that it names."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from typing import Final

import grimp

from tools.local.paths import ROOT

PACKAGES = ("functions", "postcall", "infra", "tools", "tests")
CDK: Final = "aws_cdk"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES)
    left = {module: graph.find_modules_directly_imported_by(module) & graph.modules for module in graph.modules}
    assert len(left) > 100
    while ready := {module for module, imported in left.items() if not imported}:
        left = {module: imported - ready for module, imported in left.items() if module not in ready}
    assert not left, f"these import each other, or wait for some that do: {', '.join(sorted(left))}"


def imported_of_the_cdk(text: str) -> Iterator[str]:
    """Every module of the CDK's that a file names in its imports."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                if module == CDK:
                    yield from (f"{CDK}.{name.name}" for name in names if name.name.islower())


def test_of_the_cdk_mypy_reads_what_is_imported_here() -> None:
    texts = (
        path.read_text("utf-8") for package in ("infra", "tests", "tools") for path in (ROOT / package).rglob("*.py")
    )
    imported = {module for text in texts if CDK in text for module in imported_of_the_cdk(text)}
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["overrides"]
    (read,) = (each["module"] for each in overrides if each.get("follow_imports") == "normal")
    named = {module for module in imported if module.split(".")[0] == CDK}
    assert len(named) > 20
    assert named <= set(read)
