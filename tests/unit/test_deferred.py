"""A module that waits: nobody who imports it misses it, and its code is run when it is asked for something."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from postcall.deferred import defer

LIBRARY = {
    "heavy_library/__init__.py": "",
    "heavy_library/texts/__init__.py": "RUN = 'texts'\nfrom heavy_library.texts import large\n",
    "heavy_library/texts/small.py": "SIZE = 1\n",
    "heavy_library/texts/large.py": "SIZE = 100\n",
    "heavy_library/dates.py": "from heavy_library import log\nlog.RUNS.append(1)\nZONE = 'UTC'\n"
    "class Docs: ...\ndef parse(text, *, year): return f'{text} {year} {ZONE}'\n",
    "heavy_library/log.py": "RUNS = []\n",
}


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with parts that are dear to run."""
    for name, text in LIBRARY.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [name for name in sys.modules if name.split(".")[0] == "heavy_library"]:
        del sys.modules[name]


def module(name: str) -> Any:
    return import_module(f"heavy_library.{name}")


@pytest.mark.usefixtures("library")
def test_what_is_given_or_a_function_taken_by_name_runs_nothing() -> None:
    defer("heavy_library.dates", "parse", Docs="given")
    assert callable(module("dates").parse)
    assert module("dates").Docs == "given"
    assert module("log").RUNS == []


@pytest.mark.usefixtures("library")
def test_a_function_that_is_called_runs_the_module_once_and_all_of_it_is_there() -> None:
    defer("heavy_library.dates", "parse", Docs="given")
    parse = module("dates").parse
    assert [parse("May", year=2026) for _ in range(2)] == ["May 2026 UTC"] * 2
    assert module("dates").Docs.__name__ == "Docs"
    assert module("log").RUNS == [1]


@pytest.mark.usefixtures("library")
def test_any_other_name_runs_the_module_and_one_that_it_lacks_is_missing_as_ever() -> None:
    defer("heavy_library.dates")
    assert module("dates").ZONE == "UTC"
    with pytest.raises(AttributeError, match=r"'heavy_library\.dates' has no attribute 'other'"):
        _ = module("dates").other
    with pytest.raises(ImportError):
        exec("from heavy_library.dates import other", {})  # noqa: S102 — the statement itself is what is tried


@pytest.mark.usefixtures("library")
def test_a_module_below_a_package_that_waits_is_imported_alone() -> None:
    defer("heavy_library.texts")
    assert module("texts.small").SIZE == 1
    assert "heavy_library.texts.large" not in sys.modules
    assert module("texts").RUN == "texts"
    assert "heavy_library.texts.large" in sys.modules


@pytest.mark.usefixtures("library")
def test_what_is_not_there_or_imported_already_is_left_alone() -> None:
    defer("heavy_library.other")
    defer("no_such_library.part")
    with pytest.raises(ModuleNotFoundError):
        module("other")
    imported: ModuleType = module("log")
    defer("heavy_library.log")
    assert module("log") is imported
