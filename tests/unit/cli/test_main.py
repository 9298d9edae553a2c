"""The program as it is started: exit codes, errors as one sentence or one JSON document, never a traceback."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from postcall.domain import said
from tests.support.fakes.api_server import ApiServer, Reply
from tools.postcall import words
from tools.postcall.__main__ import main
from tools.postcall.arguments import command, parser


@pytest.fixture(autouse=True)
def uat(api: ApiServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSTCALL_UAT_API_URL", api.url)
    monkeypatch.setenv("POSTCALL_UAT_TOKEN", "a-token")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("POSTCALL_ENV", raising=False)


def test_an_error_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--env", "uat", "show", "conv_1"]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "There is nothing at this path.\n"


def test_a_refusal_names_what_is_possible_instead(api: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    members = {"detail": "Its analysis has come to a stop.", "offers": ["continue", "close"]}
    api.on("POST", "/api/events/a/resend-crm", Reply(409, members))
    assert main(["resend", "a", "--env", "uat"]) == 4
    assert capsys.readouterr().err.splitlines() == [
        "Its analysis has come to a stop.",
        "Possible instead: continue, close",
    ]


def test_a_program_gets_the_error_as_json(api: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    api.on("POST", "/api/events/a/resend-crm", Reply(409, {"detail": "It has arrived.", "event_id": "a"}))
    assert main(["resend", "a", "--json", "--env", "uat"]) == 4
    found = json.loads(capsys.readouterr().err)
    assert found["error"] == "It has arrived."
    assert found["exit_code"] == 4
    assert found["problem"]["event_id"] == "a"


def test_the_environment_may_come_from_a_variable(
    api: ApiServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTCALL_ENV", "uat")
    api.on("GET", "/api/events", {"events": [], "next_cursor": None})
    assert main(["--json", "events"]) == 0
    assert json.loads(capsys.readouterr().out) == {"events": [], "next_cursor": None}


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["events", "--limit", "0"],
        ["events", "--day", "tomorrow"],
        ["events", "--status", "lost"],
        ["redrive", "intake"],
        ["resolve", "a", "--reason", "x"],
        ["resolve", "a", "--delivered"],
        ["reconcile", "--since", "sometime"],
        ["uat", "--only", "G"],
    ],
)
def test_wrong_arguments_are_exit_code_2_and_ask_nothing(api: ApiServer, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert api.asked == []


def test_a_missing_setting_is_exit_code_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("POSTCALL_UAT_TOKEN")
    assert main(["--env", "uat", "events"]) == 2
    assert capsys.readouterr().err.startswith("POSTCALL_UAT_TOKEN is not set")


def test_the_acceptance_test_never_runs_against_prod(
    api: ApiServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTCALL_PROD_API_URL", api.url)
    monkeypatch.setenv("POSTCALL_PROD_TOKEN", "a-token")
    assert main(["--env", "prod", "uat", "--yes"]) == 2
    assert "never against prod" in capsys.readouterr().err
    assert api.asked == []


def test_times_are_read_as_people_write_them() -> None:
    assert words.day("2026-11-24") == "2026-11-24"
    assert words.since("2026-11-24T10:00:00+03:00") == "2026-11-24T07:00:00Z"
    assert words.since("2d") < words.since("6h")
    assert words.seconds(200) == "3 min 20 s"


DOCS = Path(__file__).parents[3] / "docs"
SHELL_NOISE = re.compile(r"^(?:[A-Z_]+=\S+ )*postcall ")


def documented() -> list[str]:
    """Every command line of the operator's handbook, without its comment."""
    text = (DOCS / "operating.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines() if SHELL_NOISE.match(line)]
    return [SHELL_NOISE.sub("", line.split("   #")[0].split(" # ")[0]) for line in lines]


@pytest.mark.parametrize("line", documented())
def test_every_command_of_the_handbook_is_one(line: str) -> None:
    assert callable(command(parser().parse_args(shlex.split(line))))


@pytest.mark.parametrize("language", said.LANGUAGES)
def test_every_runbook_that_doctor_names_is_there(language: str) -> None:
    texts = " ".join(translations[language] for translations in said.words().values())
    named = set(re.findall(r"docs/(runbooks/[a-z/-]+\.md)", texts.replace("{name}", "dispatch")))
    assert named
    assert all(name.startswith("runbooks/ru/") is (language == "ru") for name in named)
    assert {name for name in named if not (DOCS / name).exists()} == set()
