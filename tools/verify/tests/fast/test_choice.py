"""Which tests `make fast` runs: what leads to a change by imports, the nearest first."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest

from tools.local.paths import ROOT
from tools.verify.fast.choice import choose, import_graph


@pytest.fixture
def graph() -> grimp.ImportGraph:
    """A step, its settings and a test of each kind."""
    graph = grimp.ImportGraph()
    for importer, imported in (
        ("functions.dispatch.lead", "functions.dispatch.wire"),
        ("tests.unit.dispatch.test_wire", "functions.dispatch.wire"),
        ("tests.unit.dispatch.test_lead", "functions.dispatch.lead"),
        ("tests.integration.test_calls", "functions.dispatch.wire"),
        ("tests.e2e.test_calls", "functions.dispatch.lead"),
        ("tests.unit.test_other", "functions.intake.handler"),
    ):
        for module in (importer, imported):
            for length in range(1, module.count(".") + 2):
                graph.add_module(".".join(module.split(".")[:length]))
        graph.add_import(importer=importer, imported=imported)
    return graph


def test_the_tests_that_lead_to_a_change_come_nearest_first(graph: grimp.ImportGraph) -> None:
    chosen = choose(["functions/dispatch/wire.py"], graph)

    assert chosen.quick == [
        "tests/unit/dispatch/test_wire.py",
        "tests/integration/test_calls.py",
        "tests/unit/dispatch/test_lead.py",
    ]


def test_a_test_that_tries_many_examples_comes_last(graph: grimp.ImportGraph) -> None:
    graph.add_import(importer="tests.unit.dispatch.test_wire", imported="hypothesis")

    assert choose(["functions/dispatch/wire.py"], graph).quick[-1] == "tests/unit/dispatch/test_wire.py"


def test_what_needs_a_stack_is_left_to_the_whole_run(graph: grimp.ImportGraph) -> None:
    assert choose(["functions/dispatch/wire.py"], graph).slow == ["tests/e2e/test_calls.py"]


def test_a_changed_test_is_its_own_test(graph: grimp.ImportGraph) -> None:
    assert choose(["tests/unit/test_other.py"], graph).quick == ["tests/unit/test_other.py"]


def test_a_file_in_a_package_is_read_by_what_lies_beside_it(graph: grimp.ImportGraph) -> None:
    assert "tests/unit/dispatch/test_lead.py" in choose(["functions/dispatch/map.json"], graph).quick


def test_another_file_has_the_tests_that_name_it(graph: grimp.ImportGraph, tmp_path: Path) -> None:
    named = tmp_path / "tests" / "unit" / "test_other.py"
    named.parent.mkdir(parents=True)
    named.write_text('PAGE = ROOT / "README.md"\n', encoding="utf-8")

    assert choose(["README.md"], graph, tmp_path).quick == ["tests/unit/test_other.py"]
    assert choose(["NOTES.md"], graph, tmp_path).quick == []


def test_what_nothing_leads_to_has_no_tests(graph: grimp.ImportGraph) -> None:
    assert choose(["functions/dispatch/gone.py"], graph).quick == []


def test_a_conftest_is_of_all_tests_below_it() -> None:
    chosen = choose(["tests/integration/conftest.py"], import_graph())
    below = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "integration").rglob("test_*.py")}

    assert below <= set(chosen.quick)
