"""What counts as killed: a kill, a time-out apart, and no score at all where a mutant was not judged."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.verify.mutation import __main__ as command
from tools.verify.mutation.results import Counted, NotJudgedError, by_file, count, read_states
from tools.verify.mutation.survivors import Survivor
from tools.verify.mutation.workspace import CORE

SHOWN = """
    functions.dispatch.decision.x_decide__mutmut_1: killed
    functions.dispatch.decision.x_decide__mutmut_2: survived
    postcall.domain.retry.x_retry_delay__mutmut_1: check was interrupted by user
To see one: mutmut show NAME
"""


def test_each_mutant_is_read_with_its_state() -> None:
    assert read_states(SHOWN) == {
        "functions.dispatch.decision.x_decide__mutmut_1": "killed",
        "functions.dispatch.decision.x_decide__mutmut_2": "survived",
        "postcall.domain.retry.x_retry_delay__mutmut_1": "check was interrupted by user",
    }


def test_a_time_out_is_told_apart_from_a_kill() -> None:
    counted = count({"a": "killed", "b": "caught by type check", "c": "timeout", "d": "survived"})
    assert counted == Counted(killed=2, timed_out=1, survived=("d",))
    assert counted.total == 4


@pytest.mark.parametrize(
    "state",
    ["not checked", "no tests", "skipped", "suspicious", "segfault", "check was interrupted by user", "something new"],
)
def test_a_mutant_that_was_not_judged_leaves_no_score(state: str) -> None:
    with pytest.raises(NotJudgedError, match=f"1 {state}"):
        count({"a": "killed", "b": state})


def test_no_mutants_are_no_score() -> None:
    with pytest.raises(NotJudgedError, match="no mutant"):
        count({})


def test_every_file_that_is_named_had_mutants() -> None:
    states = {"functions.a.x_f__mutmut_1": "killed", "functions.a.xǁCǁf__mutmut_1": "killed"}
    assert by_file(states, ("functions/a.py",)) == {"functions/a.py": 2}
    with pytest.raises(NotJudgedError, match=r"nothing in functions/b\.py"):
        by_file(states, ("functions/a.py", "functions/b.py"))


def test_the_score_counts_kills_and_time_outs_and_says_what_is_left() -> None:
    left: dict[Survivor, str | None] = {
        Survivor("a.x_f__mutmut_1", "1", "2", is_wording=False): "the same",
        Survivor("a.x_f__mutmut_2", "1", "3", is_wording=False): None,
    }
    figures = command.figures_of(Counted(killed=7, timed_out=1, survived=tuple(each.name for each in left)), left)
    assert (figures["mutants"], figures["killed"], figures["timed_out"]) == (10, 7, 1)
    assert (figures["score_percent"], figures["score_without_explained_percent"]) == (80.0, 88.9)
    assert (figures["explained"], figures["unexplained"]) == ({"the same": 1}, ["a.x_f__mutmut_2"])


class Mutmut:
    """A mutmut that ends and shows what it is told to."""

    def __init__(self, shown: str, *codes: int) -> None:
        self.shown, self._codes = shown, iter(codes) if codes else self._well()

    @staticmethod
    def _well() -> Iterator[int]:
        while True:
            yield 0

    def __call__(self, arguments: list[str], **_named: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(arguments, next(self._codes), stdout=self.shown)


def run(mutmut: Mutmut, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(command, "FOLDER", folder)
    monkeypatch.setattr(command, "prepare", lambda _folder: ["`case -1:` (a.py)"])
    monkeypatch.setattr("tools.verify.mutation.__main__.subprocess.run", mutmut)
    monkeypatch.setattr(command, "write_record", lambda path, **_named: path.touch())
    return command.main(["--out", str(folder / "record.json")])


ALL_KILLED = "\n".join(f"    {file[:-3].replace('/', '.')}.x_f__mutmut_1: killed" for file in CORE)


def test_a_run_in_which_every_mutant_was_judged_leaves_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(Mutmut(ALL_KILLED), tmp_path, monkeypatch) == 0
    assert (tmp_path / "record.json").exists()


@pytest.mark.parametrize(
    ("mutmut", "why"),
    [
        (Mutmut(ALL_KILLED, 1), "mutmut ended with 1"),
        (Mutmut(ALL_KILLED, -9), "mutmut ended with -9"),
        (Mutmut(ALL_KILLED, 0, 1), "could not show its results"),
        (Mutmut(""), "no mutant"),
        (Mutmut(ALL_KILLED.replace("killed", "not checked", 1)), "1 not checked"),
        (Mutmut("\n".join(ALL_KILLED.splitlines()[1:])), "changed nothing in"),
    ],
)
def test_a_run_that_failed_or_was_cut_short_says_so_and_leaves_no_record(
    mutmut: Mutmut, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(mutmut, tmp_path, monkeypatch) == 1
    assert why in capsys.readouterr().err
    assert not (tmp_path / "record.json").exists()
