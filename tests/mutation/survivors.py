"""The mutants that no test noticed: what each changed, and whether it is only the wording of a sentence for people."""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"(?P<module>.+)\.(?P<function>[^.]+)__mutmut_(?P<number>\d+)$")


@dataclass(frozen=True)
class Survivor:
    """One mutant. `before` and `after` are the changed lines; `is_wording` when they differ in a sentence only."""

    name: str
    before: str
    after: str
    is_wording: bool

    @property
    def place(self) -> str:
        """The function, as a person writes it."""
        match = _NAME.match(self.name)
        assert match is not None
        return f"{match['module']}.{re.sub('^x_', '', match['function']).replace('xǁ', '').replace('ǁ', '.')}"


def survivor(name: str, mutants: Path) -> Survivor:
    """Read a mutant by its name from mutmut's folder."""
    match = _NAME.match(name)
    if match is None:
        raise ValueError(f"{name} is no mutant's name.")
    tree = ast.parse((mutants / (match["module"].replace(".", "/") + ".py")).read_text(encoding="utf-8"))
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    original = functions[f"{match['function']}__mutmut_orig"]
    mutant = functions[f"{match['function']}__mutmut_{match['number']}"]
    was, became = (ast.unparse(node).splitlines()[1:] for node in (original, mutant))
    changed = [line for line in difflib.unified_diff(was, became, lineterm="", n=0) if line[:3] not in {"---", "+++"}]
    return Survivor(
        name,
        before="; ".join(line[1:].strip() for line in changed if line.startswith("-")),
        after="; ".join(line[1:].strip() for line in changed if line.startswith("+")),
        is_wording=all(_same(left, right) for left, right in zip(original.body, mutant.body, strict=False)),
    )


def _same(left: object, right: object) -> bool:
    """Whether two pieces of code are the same but for sentences."""
    if _is_sentence(left):
        return True
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if not isinstance(left, ast.AST):
        return left == right
    if type(left) is not type(right):
        return False
    return all(_same(getattr(left, name, None), getattr(right, name, None)) for name in left._fields if name != "ctx")


def _is_sentence(node: object) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(_is_sentence(part) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
