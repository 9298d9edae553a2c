"""The table of behaviours and the tests hold each other: no row without a test, no row without a mark."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.simulators.crm.behaviours import BEHAVIOURS, MARKS
from tools.simulators.crm.faults import FAULTS
from tools.simulators.crm.profiles import PROFILES

DOCUMENT = Path(__file__).parents[3] / "docs" / "contracts" / "bpmsoft-simulator.md"


def shown_ids() -> Iterator[str]:
    """The ids in the `shows(...)` of this folder's tests."""
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "shows":
                yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


def test_every_behaviour_is_shown_by_a_test() -> None:
    assert set(BEHAVIOURS) - set(shown_ids()) == set()


def test_every_behaviour_has_a_known_mark_and_a_sentence() -> None:
    assert {behaviour.mark for behaviour in BEHAVIOURS.values()} == set(MARKS)
    assert all(len(behaviour.statement.split()) >= 4 for behaviour in BEHAVIOURS.values())


def test_the_document_lists_every_fault_as_it_is() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    rows = {f"| `{fault.name}` | {fault.statement} | {fault.saved} |" for fault in FAULTS.values()}
    assert {row for row in rows if row not in document} == set()


def test_the_document_names_every_profile() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert [profile for profile in PROFILES if f"`{profile}`" not in document] == []
