"""What people are told: each code has its words in each language, no sentence stands outside, records keep the code."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from postcall.domain.errors import Rejected
from postcall.domain.outcome import Outcome
from postcall.domain.said import (
    FOLDER,
    LANGUAGES,
    Said,
    in_language,
    read_said,
    read_said_members,
    said,
    said_members,
    store_said,
    words,
    write_said,
)
from postcall.domain.status import Status

ROOT = FOLDER.parents[4]
PRODUCT = sorted([*(ROOT / "functions").rglob("*.py"), *FOLDER.parent.rglob("*.py")])
COMMANDS = sorted([*(ROOT / "tools" / "postcall").rglob("*.py"), *(ROOT / "infra" / "deployment").rglob("*.py")])
# A wrong setting is told to whoever deploys, by the synthesis and in a function's log: in English.
OF_SETTINGS = {"settings.py", "field_map.py"}
NOT_TOLD = {
    "DynamoDB cannot hold a {}.",  # a bug of ours
    "DynamoDB cannot hold a number that is not finite.",
    "The secret holds no api_key.",  # caught where it is raised
    "The invocation has no time left for a call.",  # an error of botocore's kind, which the adapters translate
    "The answer is none of AWS's.",  # the same
}
OF_A_LIST = {"status", "standing", "outcome", "attempt", "source", "type", "analyst", "kind", "flag", "signal"} | {
    "quarantined",
    "right",
    "advice",
    "export",
    "topic",
    "intent",
    "label",  # of the command line's tables: `label("in work")`
    "server",  # of `postcall model check`, whose own test counts them
}
_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"[A-Z'{]\S* \S+ .*[.:]\s*|.* must be .*|.* is missing\.?", re.DOTALL)


@cache
def tree_of(path: Path) -> ast.Module:
    """A module, read once for all tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in PRODUCT:
        yield path, tree_of(path)


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every `said("code", name=…)`, and `say` of the command line, whose code and parameters stand there."""
    for path in (*PRODUCT, *COMMANDS):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"said", "say"}:
                first, named = node.args[0], all(keyword.arg for keyword in node.keywords)
                if isinstance(first, ast.Constant) and named:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}: {first.value!r}", node


@cache
def texts(tree: ast.Module) -> list[str]:
    """Every text of a module that is no docstring, `{}` for each value in it."""
    return list(_texts(tree))


def _texts(tree: ast.AST) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    left_out = parts | {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
    for node in nodes:
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


@pytest.mark.parametrize("code", words())
def test_a_code_has_words_with_the_same_parameters_in_each_language(code: str) -> None:
    translations = words()[code]
    assert set(translations) == set(LANGUAGES)
    assert all(text.strip() for text in translations.values())
    assert {frozenset(_PLACE.findall(text)) for text in translations.values()} == {
        frozenset(_PLACE.findall(translations["en"]))
    }
    assert not re.search("[а-яё]", translations["en"], re.IGNORECASE)


def test_a_file_holds_the_codes_that_begin_with_its_name_and_none_stands_twice() -> None:
    found = [(path.stem, code) for path in FOLDER.glob("*.json") for code in json.loads(path.read_text("utf-8"))]
    assert all(code.split(".")[0] == name for name, code in found)
    assert len(found) == len(words())


def test_whoever_says_something_names_a_code_and_all_of_its_parameters() -> None:
    for where, call in calls():
        first = call.args[0]
        assert isinstance(first, ast.Constant)
        assert first.value in words(), where
        given = {keyword.arg for keyword in call.keywords}
        assert given == set(_PLACE.findall(words()[first.value]["en"])), where


def test_no_words_stand_for_nobody() -> None:
    """Groups whose codes are made of another list's words are held by that list."""
    written = {text for path in (*PRODUCT, *COMMANDS) for text in texts(tree_of(path))}
    made = {text.removesuffix(".{}") for text in written if text.endswith(".{}")}  # said(f"group.{name}")
    unwritten = {code for code in words() if code not in written and code.rpartition(".")[0] not in made}
    idle = {code for code in unwritten if code.split(".")[0] not in OF_A_LIST}
    assert idle == set()


def test_no_sentence_stands_outside_of_the_words() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path, tree in trees()
        if path.name not in OF_SETTINGS and "openapi" not in path.parts
        for text in texts(tree)
        if re.fullmatch(_SENTENCE, text) and not re.search("[а-яё]", text, re.IGNORECASE) and text not in NOT_TOLD
    }
    assert found == set()


def test_no_command_ends_asks_or_notes_in_words_without_a_code() -> None:
    """What argparse refuses is told beside its own usage, in English."""
    speaking = {"WrongUsage", "NotAvailable", "NotFound", "NotAllowed", "Refused", "_Busy", "note", "warn", "confirm"}
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}: {text}"
        for path in COMMANDS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and _called(node) in speaking | {"tell", "_ask", "_number"}
        for argument in node.args[:1]
        for text in _texts(ast.Expression(argument))
        if isinstance(argument, ast.Constant | ast.JoinedStr) and re.search("[A-Za-z]{2,} [A-Za-z]{2,}", text)
    }
    assert found == set()


def _called(call: ast.Call) -> str:
    """The name of a function or a method that is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


@pytest.mark.parametrize("group", [Status, Outcome])
def test_every_status_and_outcome_has_a_word(group: type[Status | Outcome]) -> None:
    name = group.__name__.lower()
    assert {f"{name}.{word}" for word in group} <= set(words())
    assert {f"standing.{status}" for status in Status} <= set(words())


@pytest.mark.parametrize("group", ["topic", "intent"])
def test_the_shipped_taxonomy_s_labels_are_the_words(group: str) -> None:
    taxonomy = tomllib.loads((ROOT / "functions/analysis/taxonomy.toml").read_text(encoding="utf-8"))
    labels = {f"{group}.{code}": entry["label"] for code, entry in taxonomy[group].items()}
    assert labels == {code: texts["ru"] for code, texts in words().items() if code.split(".")[0] == group}


def test_it_is_an_english_sentence_wherever_a_text_is_expected() -> None:
    report = said("crm.http_other", status=418)
    assert report == "HTTP 418: an answer nobody has seen yet; the lead may or may not be there."
    assert str(Rejected(report)) == report
    assert json.dumps(report) == json.dumps(str.__str__(report))


def test_an_error_s_text_and_a_copy_keep_the_code() -> None:
    report = said("crm.http_other", status=418)
    for kept in (str(Rejected(report)), copy.deepcopy(report), pickle.loads(pickle.dumps(report))):  # noqa: S301 — our own
        assert isinstance(kept, Said)
        assert (kept, kept.code, kept.params) == (report, "crm.http_other", {"status": 418})


def test_a_parameter_that_is_itself_said_is_said_in_the_same_language() -> None:
    report = said("dispatch.dry_run_refused", refused=said("dispatch.column_empty", column="MobilePhone"))
    assert in_language(report, "en").endswith("The required column MobilePhone has no value in this call.")
    assert in_language(report, "ru").endswith("Для обязательного поля MobilePhone в этом звонке нет значения.")


@pytest.mark.parametrize("text", [None, "", "An operator's own words.", "The event waits for a person. {name}"])
def test_a_text_from_before_there_were_codes_stays_as_it_is(text: str | None) -> None:
    assert write_said(text) == store_said(text) == text
    assert read_said(text) == text
    assert said_members("reason", text) == {"reason": text}
    assert in_language(text or "", "ru") == (text or "")


def test_a_record_keeps_code_and_parameters_and_gives_back_the_same() -> None:
    report = said("dispatch.only_by_force", status=said("standing.delivered"))
    stored = json.loads(json.dumps(write_said(report)))
    assert stored == {
        "code": "dispatch.only_by_force",
        "params": {"status": {"code": "standing.delivered", "params": {}}},
    }
    members = json.loads(json.dumps(said_members("reason", report)))
    kept = store_said(report)
    assert kept == {"code": "dispatch.only_by_force", "params": {"status": {"code": "standing.delivered"}}}
    for read in (read_said(stored), read_said(kept), read_said_members(members, "reason")):
        assert isinstance(read, Said)
        assert (read, in_language(read, "ru")) == (report, in_language(report, "ru"))


def test_a_code_of_a_later_version_shows_itself_and_one_nobody_has_written_words_for_is_a_bug() -> None:
    assert read_said({"code": "crm.of_tomorrow", "params": {}}) == "crm.of_tomorrow"
    with pytest.raises(KeyError):
        said("crm.of_tomorrow")
