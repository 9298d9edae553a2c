"""Every flag of an analysis has its words in both languages, and its place in the page about them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from postcall.domain.said import words

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "analysis.md").read_text(encoding="utf-8")
TOLD = {code.removeprefix("flag.") for code in words() if code.startswith("flag.")}
# The functions that say which flags are set, by module.
SET_IN = {
    "contacts/choice.py": r"_phone_flags|_email_flags",
    "doubts.py": r"_about_\w+",
    "fallback_analyst.py": r"flag",
    "heuristics.py": r"names",
    "judgement.py": r"_disagreements",
}
NOT_FLAGS = {"lead_status", "real_conversation", "disqualified", "qualified", "success", "failure", "spoken", "phones"}


def named(module: str, functions: str) -> Iterator[str]:
    """Each text like a flag's name in these functions of a module."""
    tree = ast.parse((ROOT / "functions" / "analysis" / module).read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and re.fullmatch(functions, function.name):
            for node in ast.walk(function):
                if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z]+(_[a-z]+)*", str(node.value)):
                    yield str(node.value)


@pytest.mark.parametrize("module", SET_IN)
def test_a_flag_that_is_set_has_words(module: str) -> None:
    found = {name for name in named(module, SET_IN[module]) if "_" in name or name in {"silence", "voicemail"}}
    assert found
    assert found - NOT_FLAGS - TOLD == set()


def test_the_page_names_every_flag_that_has_words_and_no_other() -> None:
    section = PAGE.partition("### When a person should look")[2].partition("### ")[0]
    assert set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", section)) - {"needs_review"} == TOLD
