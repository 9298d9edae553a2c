"""`model check` against a server that can everything, and such that cannot, in one respect each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postcall.domain.said import words
from tests.support.fakes.api_server import ApiServer
from tests.unit.cli.conftest import Terminal
from tools.postcall import doctor as doctor_module
from tools.postcall.context import Context
from tools.postcall.errors import WrongUsage
from tools.postcall.screen import Screen
from tools.postcall.target import Target
from tools.simulators.model import ModelStub
from tools.simulators.model.reply import Response, Scenario
from tools.simulators.model.scenarios import SCENARIOS

ROWS = ["server", "key", "model", "answer's limit", "schema", "second try", "context", "speed"]


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A shell that holds a key and no other setting."""
    for name in ("OPENAI_BASE_URL", "OPENAI_MODEL", "OPENAI_SCHEMA_MODE", "OPENAI_TOKEN_PARAM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-invented")
    monkeypatch.setenv("POSTCALL_LANG", "en")
    return monkeypatch


def checked(terminal: Terminal, *script: str | Scenario, options: tuple[str, ...] = ()) -> tuple[int, dict[str, str]]:
    """The exit code, and how each row stands."""
    with ModelStub(*script) as stub:
        code = terminal.run("--json", "model", "check", "--base-url", stub.base_url, *options)
    return code, {row["name"]: row["state"] for row in terminal.document["checks"]}


def found(terminal: Terminal, name: str) -> str:
    row = next(row for row in terminal.document["checks"] if row["name"] == name)
    return f"{row['found']} {row['todo']}"


@pytest.mark.parametrize("scenario", ["capable", "alternating"])
def test_a_server_that_can_everything_is_well_and_its_settings_stay(terminal: Terminal, scenario: str) -> None:
    code, states = checked(terminal, scenario)
    assert (code, states) == (0, dict.fromkeys(ROWS, "well"))
    assert terminal.document["settings"]["OPENAI_SCHEMA_MODE"] == "json_schema"
    assert terminal.document["settings"]["OPENAI_TOKEN_PARAM"] == "max_completion_tokens"


@pytest.mark.parametrize(
    ("scenario", "row", "state", "setting"),
    [
        ("schema_ignored", "schema", "watch", "OPENAI_SCHEMA_MODE=prompt"),
        ("schema_as_json_object", "schema", "watch", "OPENAI_SCHEMA_MODE=json_object"),
        ("completion_limit_ignored", "answer's limit", "watch", "OPENAI_TOKEN_PARAM=max_tokens"),
        ("completion_limit_refused", "answer's limit", "watch", "OPENAI_TOKEN_PARAM=max_tokens"),
        ("effort_refused", "reasoning", "watch", "OPENAI_REASONING_EFFORT=omit"),
    ],
)
def test_what_a_server_cannot_becomes_a_setting(
    terminal: Terminal, scenario: str, row: str, state: str, setting: str
) -> None:
    code, states = checked(terminal, scenario)
    assert (code, states[row]) == (0, state)
    assert setting in found(terminal, row)
    name, _, value = setting.partition("=")
    assert terminal.document["settings"][name] == value
    with ModelStub(scenario) as stub:
        again = terminal.run(
            "--json", "model", "check", "--base-url", stub.base_url, f"--{name[7:].lower().replace('_', '-')}", value
        )
    assert again == 0
    assert setting not in str(terminal.document["checks"])


@pytest.mark.parametrize(
    ("scenario", "row", "says"),
    [
        ("wrong_key", "key", "OPENAI_API_KEY"),
        ("quota", "key", "credit"),
        ("unknown_model", "model", "model-stub"),
        ("unsupported_value", "model", "model-stub"),
        ("html", "server", "/v1"),
        ("reset", "server", "Nothing answers"),
    ],
)
def test_where_the_first_question_brings_nothing_the_cause_is_told_and_nothing_more_asked(
    terminal: Terminal, scenario: str, row: str, says: str
) -> None:
    code, states = checked(terminal, scenario)
    assert code == 1
    assert states[row] == "wrong"
    assert says in found(terminal, row)
    assert "speed" not in states


def test_a_server_that_is_busy_is_no_fault(terminal: Terminal) -> None:
    code, states = checked(terminal, "rate_limit")
    assert code == 0
    assert "watch" in states.values()


def test_limits_that_nothing_sets_are_told(terminal: Terminal) -> None:
    assert checked(terminal, "limits_ignored")[1]["answer's limit"] == "watch"


def test_a_template_without_turns_and_a_window_without_room_are_wrong(terminal: Terminal) -> None:
    assert checked(terminal, "one_turn_each")[1]["second try"] == "wrong"
    assert checked(terminal, "small_window")[1]["context"] == "wrong"
    assert "2048" in found(terminal, "context")
    assert "window" in found(terminal, "speed")


def slow(terminal: Terminal, seconds: float) -> Scenario:
    """A server that takes so long for each answer, on the terminal's clock."""

    def scenario(request: dict[str, object]) -> Response:
        terminal.slept += seconds
        return SCENARIOS["capable"](request)

    return scenario


@pytest.mark.parametrize(
    ("seconds", "state", "code", "is_raised"),
    [(1, "well", 0, False), (20, "watch", 0, True), (900, "wrong", 1, False)],
)
def test_the_deadline_is_held_against_the_speed(
    terminal: Terminal, seconds: float, state: str, code: int, *, is_raised: bool
) -> None:
    ended, states = checked(terminal, slow(terminal, seconds))
    assert (ended, states["speed"]) == (code, state)
    assert (int(terminal.document["settings"]["OPENAI_DEADLINE_SECONDS"]) > 60) is is_raised


def test_without_a_key_nothing_is_asked(terminal: Terminal, shell: pytest.MonkeyPatch) -> None:
    shell.delenv("OPENAI_API_KEY")
    with pytest.raises(WrongUsage, match="OPENAI_API_KEY"):
        checked(terminal, "capable")


def test_a_wrong_option_is_told_with_its_setting(terminal: Terminal) -> None:
    with pytest.raises(WrongUsage, match="OPENAI_SCHEMA_MODE"):
        checked(terminal, "capable", options=("--schema-mode", "guess"))


def test_it_speaks_russian_and_never_shows_the_key(terminal: Terminal, shell: pytest.MonkeyPatch) -> None:
    shell.setenv("POSTCALL_LANG", "ru")
    with ModelStub("schema_ignored") as stub:
        assert terminal.run("model", "check", "--base-url", stub.base_url) == 0
    assert "не соблюдается" in terminal.shown
    assert "sk-invented" not in terminal.shown + terminal.report


def local(api: ApiServer) -> Context:
    return Context(Target("local", api.url, "a-token"), Screen())


def test_doctor_asks_the_local_stack_s_server_one_question(api: ApiServer, shell: pytest.MonkeyPatch) -> None:
    with ModelStub("wrong_key") as stub:
        shell.setenv("OPENAI_BASE_URL", stub.base_url)
        checks = doctor_module._model_server(local(api))
    assert [(check.name, check.state) for check in checks] == [("model: server", "well"), ("model: key", "wrong")]
    assert len(stub.requests) == 1


def test_doctor_points_at_the_command_where_it_cannot_ask(api: ApiServer, shell: pytest.MonkeyPatch) -> None:
    shell.delenv("OPENAI_API_KEY")
    (check,) = doctor_module._model_server(local(api))
    assert check.state == "not seen"
    assert "postcall model check" in check.todo


def test_no_words_of_the_check_stand_for_nobody() -> None:
    folder = Path(doctor_module.__file__).parent
    sources = "".join(path.read_text("utf-8") for path in [*folder.glob("model/*.py"), folder / "doctor.py"])
    said = set(re.findall(r'"(server\.\w+)"', sources))
    assert {code for code in words() if code.startswith("server.")} == said
