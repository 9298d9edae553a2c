"""No circle of imports, not even one that only types need: a module can be read after those that it names."""

from __future__ import annotations

import grimp

PACKAGES = ("functions", "postcall", "infra", "tools")


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES)
    left = {module: graph.find_modules_directly_imported_by(module) & graph.modules for module in graph.modules}
    assert len(left) > 100
    while ready := {module for module, imported in left.items() if not imported}:
        left = {module: imported - ready for module, imported in left.items() if module not in ready}
    assert not left, f"these import each other, or wait for some that do: {', '.join(sorted(left))}"
