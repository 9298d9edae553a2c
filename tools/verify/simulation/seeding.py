"""How a bug is planted: a piece of the real source is replaced by another, compiled, and put where the old one was."""

from __future__ import annotations
import __future__

import ast
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

from tools.verify.simulation.promises import Promise
from tools.verify.simulation.simulation import Chosen


@dataclass(frozen=True)
class Edit:
    """A text that stands exactly once in a module, and what stands there instead."""

    module: str
    old: str
    new: str


@dataclass(frozen=True)
class SeededBug:
    """A planted bug: what it is, how it is planted, and by which promise it must be caught.

    `chosen` replaces a fake or a setting of the schedule. `one_crash` takes the schedules from the crash points of one
    calm call, each in its turn, where drawn ones would need tens of thousands. `caught_as` has more than one promise
    where the first to break depends on the schedule. `former`: it is what this code did before the promise was made.
    """

    name: str
    what: str
    caught_as: frozenset[Promise]
    edits: tuple[Edit, ...] = ()
    chosen: dict[str, Any] = field(default_factory=dict)
    one_crash: bool = False
    former: bool = False

    def schedule(self, seed: int) -> Chosen:
        """A schedule with the bug's fakes and settings in it."""
        if self.one_crash:
            return Chosen("reference", calm=True, calls=1, crash_at=frozenset({seed}), **self.chosen)
        return Chosen(str(seed), **self.chosen)


@contextmanager
def seeded(bug: SeededBug) -> Iterator[None]:
    """The bug is there inside, and gone afterwards.

    Raises:
        ValueError: Its text is not there (any more).
    """
    undo: list[tuple[ModuleType, str, object]] = []
    try:
        for edit in bug.edits:
            undo += _apply(edit)
        yield
    finally:
        for module, name, value in reversed(undo):
            setattr(module, name, value)


def _apply(edit: Edit) -> list[tuple[ModuleType, str, object]]:
    """Replace one function or class everywhere; what was where, to undo it."""
    module = import_module(edit.module)
    source = inspect.getsource(module)
    if source.count(edit.old) != 1:
        raise ValueError(
            f"{edit.module} holds {source.count(edit.old)} times: {edit.old!r}. The planted bug must follow."
        )
    line = source[: source.index(edit.old)].count("\n") + 1
    tree = ast.parse(source.replace(edit.old, edit.new))
    node = next(node for node in tree.body if node.lineno <= line <= (node.end_lineno or 0))
    if not isinstance(node, ast.FunctionDef):
        raise ValueError(f"{edit.module}, line {line} is in no function.")  # noqa: TRY004 — the plant is wrong
    old = getattr(module, node.name)
    homes = [other for other in list(sys.modules.values()) if _has(other, node.name, old)]
    code = compile(
        ast.Module([node], type_ignores=[]),
        module.__file__ or edit.module,
        "exec",
        flags=__future__.annotations.compiler_flag,
        dont_inherit=True,
    )
    exec(code, vars(module))  # noqa: S102 — our own source, with one piece replaced
    new = vars(module)[node.name]
    for home in homes:
        setattr(home, node.name, new)
    return [(home, node.name, old) for home in homes]


def _has(module: object, name: str, value: object) -> bool:
    return isinstance(module, ModuleType) and vars(module).get(name) is value
