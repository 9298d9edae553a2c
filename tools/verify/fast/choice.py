"""Which tests a change is for: those whose modules lead to it by imports, by how many steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

import grimp

from tools.local.paths import ROOT

PACKAGES = ("functions", "postcall", "infra", "tools", "tests")
LAYER = PurePath("layers/postcall/python")
# In the order in which they are run where they are equally near; a test elsewhere needs a stack or the CDK first.
QUICK = ("tests.unit", "tests.contract", "tools.verify.tests", "tests.integration")


@dataclass(frozen=True)
class Choice:
    """Test files, the nearest first: those that run in seconds, and those that are for `make test`."""

    quick: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)


def import_graph() -> grimp.ImportGraph:
    """Who imports whom; a test also needs the conftests above it, which pytest hands to it without an import."""
    graph = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=".import_linter_cache")
    for test in filter(_is_test, graph.modules):
        above = test.split(".")
        for length in range(1, len(above)):
            conftest = ".".join([*above[:length], "conftest"])
            if conftest in graph.modules:
                graph.add_import(importer=test, imported=conftest)
    return graph


def choose(changed: Iterable[str], graph: grimp.ImportGraph, root: Path = ROOT) -> Choice:
    """The tests of these files, which are named from the root of the checkout; tests of many examples come last."""
    steps = _steps_to(set(_modules_of(changed, graph, root)), graph)
    tests = sorted(
        filter(_is_test, steps), key=lambda test: (_tries_examples(test, graph), steps[test], _kind(test), test)
    )
    return Choice(
        quick=[_path(test) for test in tests if _kind(test) < len(QUICK)],
        slow=[_path(test) for test in tests if _kind(test) == len(QUICK)],
    )


def _modules_of(changed: Iterable[str], graph: grimp.ImportGraph, root: Path) -> Iterator[str]:
    """A Python file is its module; another file is what lies beside it in a package, and each test that names it."""
    for name in map(PurePath, changed):
        inside = name.relative_to(LAYER) if name.is_relative_to(LAYER) else name
        parts = inside.with_suffix("").parts
        if name.suffix == ".py":
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield from {module} & graph.modules
            continue
        package = ".".join(parts[:-1])
        yield from graph.find_children(package) if package in graph.modules else ()
        yield from (test for test in filter(_is_test, graph.modules) if _names(root / _path(test), name))


def _names(test: Path, changed: PurePath) -> bool:
    wanted = {changed.name, f"*{changed.suffix}"}
    return test.exists() and any(f'{each}"' in test.read_text(encoding="utf-8") for each in wanted)


def _steps_to(modules: set[str], graph: grimp.ImportGraph) -> dict[str, int]:
    """Every module that leads to one of these, by the least number of imports."""
    steps: dict[str, int] = {}
    edge, distance = modules, 0
    while edge:
        steps |= dict.fromkeys(edge, distance)
        edge = {each for module in edge for each in graph.find_modules_that_directly_import(module)} - steps.keys()
        distance += 1
    return steps


def _is_test(module: str) -> bool:
    return module.rpartition(".")[2].startswith("test_")


def _tries_examples(test: str, graph: grimp.ImportGraph) -> bool:
    return "hypothesis" in graph.find_modules_directly_imported_by(test)


def _kind(test: str) -> int:
    return next((index for index, kind in enumerate(QUICK) if test.startswith(f"{kind}.")), len(QUICK))


def _path(test: str) -> str:
    return test.replace(".", "/") + ".py"
