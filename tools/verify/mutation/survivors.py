"""The mutants that no test noticed: what each changed, and whether it is only the wording of a sentence for people."""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS_OF_A_SENTENCE = 3  # fewer are a name, a key or a mark, which the code may read
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
    """Read a mutant by its name from mutmut's folder.

    Raises:
        ValueError: mutmut gives no mutant such a name.
    """
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
        is_wording=differs_in_wording(original, mutant),
    )


def differs_in_wording(original: ast.FunctionDef, mutant: ast.FunctionDef) -> bool:
    """Whether two functions differ, and in nothing but how a sentence is put; their own names do not count."""
    parts = [(each.args, each.decorator_list, each.returns, each.body) for each in (original, mutant)]
    was, became = map(list, parts)
    return not _same(was, became, sentences=False) and _same(was, became, sentences=True)


def _same(left: object, right: object, *, sentences: bool) -> bool:
    """Whether two pieces of code are the same; with `sentences`, one sentence is as good as another."""
    if sentences and _is_sentence(left) and _is_sentence(right):
        return _same(_read_in(left), _read_in(right), sentences=False)
    if isinstance(left, list) and isinstance(right, list):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(_same(one, other, sentences=sentences) for one, other in pairs)
    if type(left) is not type(right):
        return False
    if not isinstance(left, ast.AST):
        return left == right
    names = (name for name in left._fields if name != "ctx")
    return all(_same(getattr(left, name, None), getattr(right, name, None), sentences=sentences) for name in names)


def _is_sentence(node: object) -> bool:
    """A text of some words: only such a thing is for people."""
    if isinstance(node, ast.JoinedStr):
        texts = [part.value for part in node.values if isinstance(part, ast.Constant)]
    elif isinstance(node, ast.Constant):
        texts = [node.value]
    else:
        return False
    words = [word for text in texts if isinstance(text, str) for word in _WORD.findall(text)]
    return len(words) >= _WORDS_OF_A_SENTENCE


def _read_in(sentence: object) -> list[ast.expr]:
    """What a sentence reads in, in its order: that is no wording."""
    values = sentence.values if isinstance(sentence, ast.JoinedStr) else []
    return [part for part in values if not isinstance(part, ast.Constant)]
