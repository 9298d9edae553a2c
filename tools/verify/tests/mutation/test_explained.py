"""What an explanation may excuse: the wording of a sentence, or the one change that it names; and nothing more."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from tools.verify.mutation.explained import EXPLAINED, WORDING, explanation
from tools.verify.mutation.survivors import Survivor, differs_in_wording, survivor
from tools.verify.mutation.workspace import CORE, ROOT, USE_CASES, spare


def wording(before: str, after: str, *, signature: tuple[str, str] = ("", "")) -> bool:
    functions = [
        ast.parse(f"def {name}({parameters}):\n    {line}").body[0]
        for name, parameters, line in zip(("f", "g"), signature, (before, after), strict=True)
    ]
    original, mutant = functions
    assert isinstance(original, ast.FunctionDef)
    assert isinstance(mutant, ast.FunctionDef)
    return differs_in_wording(original, mutant)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return 'It was not sent.'", "return 'XXIt was not sent.XX'"),
        ("raise E('It was not sent.', after=1)", "raise E('IT WAS NOT SENT.', after=1)"),
        ("return f'The event is {status} by now.'", "return f'the event is {status} by now.'"),
    ],
)
def test_a_sentence_put_otherwise_is_wording(before: str, after: str) -> None:
    assert wording(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return 'It was not sent.'", "return None"),
        ("return 'It was not sent.'", "return ''"),
        ("return 'It was not sent.'", "return sentence"),
        ("return f'The event is {status} by now.'", "return None"),
        ("return f'The event is {status} by now.'", "return f'The event is {None} by now.'"),
        ("return f'The event is {status} by now.'", "return 'The event is gone by now.'"),
        ("return f'It is {left or 1} seconds late.'", "return f'It is {left and 1} seconds late.'"),
        ("return f'It waits, {at:.1f} by now.'", "return f'It waits, {at:.2f} by now.'"),
        ("return f'One of them is {\"a b c d e\"}.'", "return f'One of them is {\"XXxx yy zzXX\"}.'"),
        ("raise E('It was not sent.', after=1)", "raise E('It was not sent.', after=2)"),
        ("raise E('It was not sent.', after=1)", "raise E('It was not sent.')"),
        ("return 'the CRM'", "return 'XXthe CRMXX'"),
        ("return 'utf-8'", "return 'UTF-8'"),
        ("return 'It was not sent.'", "return 'It was not sent.'"),
    ],
)
def test_whatever_else_changes_is_no_wording(before: str, after: str) -> None:
    assert not wording(before, after)


def test_another_default_is_no_wording() -> None:
    assert not wording("return 'It was not sent.'", "return 'XXIt was not sent.XX'", signature=("a=1", "a=2"))


KEY, WHY = next(iter(EXPLAINED.items()))
KNOWN = Survivor(f"{KEY[0].replace('read_answer', 'x_read_answer')}__mutmut_22", KEY[1], KEY[2], is_wording=False)


def test_an_explanation_excuses_the_change_that_it_names() -> None:
    assert explanation(KNOWN) == WHY
    assert explanation(replace(KNOWN, is_wording=True)) == WORDING


def test_an_explanation_excuses_no_other_change_and_no_other_function() -> None:
    others = [
        replace(KNOWN, after=KNOWN.after + " or None"),
        replace(KNOWN, before=KNOWN.before + " or None"),
        replace(KNOWN, name=KNOWN.name.replace("read_answer", "quote_names")),
    ]
    assert [explanation(each) for each in others] == [None, None, None]


def test_no_explanation_is_open_ended() -> None:
    assert all(all(key) and key[1] != key[2] and why for key, why in EXPLAINED.items())


def test_every_verb_that_changes_something_is_in_the_core() -> None:
    verbs = {Path(path).stem for path in USE_CASES}
    assert {"analyse", "dispatch", "ingest", "resend", "sweep", "erase", "withdraw", "close", "continue_step"} <= verbs
    assert not verbs & {"count", "search"}, "these only read"


def parsed_core() -> dict[str, ast.Module]:
    paths = {path: ROOT / path.replace("postcall/", "layers/postcall/python/postcall/") for path in CORE}
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in paths.items()}


def test_each_file_of_the_core_has_a_function_that_mutmut_changes() -> None:
    """It leaves a decorated one alone, and in one that is only promised there is nothing to change."""
    changeable = {
        name
        for name, tree in parsed_core().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and not node.decorator_list
        if any(not isinstance(line, ast.Expr) or isinstance(line.value, ast.Call) for line in node.body)
    }
    assert set(CORE) - changeable == set()


def test_each_explanation_is_of_a_line_that_the_core_has() -> None:
    core = "\n".join(map(ast.unparse, parsed_core().values()))
    lines = {line.strip() for line in core.splitlines()}
    assert {before for _, before, _ in EXPLAINED} <= lines


def test_a_mutant_is_read_from_mutmuts_folder_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.py").write_text(
        "class C:\n"
        "    def xǁCǁf__mutmut_orig(self):\n        x = 1\n        return x < 2\n"
        "    def xǁCǁf__mutmut_1(self):\n        x = 1\n        return x <= 2\n",
        encoding="utf-8",
    )
    found = survivor("a.b.xǁCǁf__mutmut_1", tmp_path)
    assert (found.place, found.before, found.after) == ("a.b.C.f", "return x < 2", "return x <= 2")
    assert not found.is_wording


def test_only_the_lines_that_mutmut_cannot_change_are_spared_and_named() -> None:
    text = "    case A(code=0):\n        a = -1\n    case A(code=-1) as a:\n"
    marked, lines = spare(text)
    assert marked == text.replace("as a:", "as a:  # pragma: no mutate")
    assert lines == ["case A(code=-1) as a:"]
