"""`postcall token new`: what it prints lets the token in, with the rights that were asked for."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from postcall.domain.access import Right, find_token, read_tokens
from tools.postcall.__main__ import main


def test_a_new_token_and_its_row_belong_together(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--may", "look,act", "--until", "2100-01-01T00:00+00:00", "--per-day", "act=50"]
    assert main(["token", "new", "--name", "anna", *options, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    token = find_token(f"Bearer {shown['token']}", read_tokens(json.dumps({"tokens": [shown["row"]]})))
    assert token is not None
    assert (token.name, token.may, token.until, token.per_day) == (
        "anna",
        frozenset({Right.LOOK, Right.ACT}),
        datetime(2100, 1, 1, tzinfo=UTC),
        {Right.ACT: 50},
    )


def test_two_tokens_are_never_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for _ in range(2):
        main(["token", "new", "--name", "anna", "--may", "look", "--json"])
        shown.append(json.loads(capsys.readouterr().out)["token"])
    assert shown[0] != shown[1]


def test_a_row_is_one_line_on_a_terminal_however_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    main(["token", "new", "--name", "anna", "--may", "look"])
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("row")]
    assert read_tokens(json.dumps({"tokens": [json.loads(row.removeprefix("row").strip())]}))[0].name == "anna"


@pytest.mark.parametrize(
    "options",
    [
        ["--name", "anna"],
        ["--may", "look"],
        ["--name", "", "--may", "look"],
        ["--name", "anna", "--may", ""],
        ["--name", "anna", "--may", "look,everything"],
        ["--name", "anna", "--may", "look", "--until", "soon"],
        ["--name", "anna", "--may", "look", "--per-day", "act"],
        ["--name", "anna", "--may", "look", "--per-day", "act=0"],
    ],
)
def test_a_token_is_not_made_by_halves(options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["token", "new", *options])
    assert ended.value.code == 2
