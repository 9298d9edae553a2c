"""What the console's files may hold: nothing from elsewhere, no text as HTML, all its words in each language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from functions.operations.routes.console import FOLDER, KINDS, WORDS, file
from postcall.aws.http import Request
from postcall.domain.outcome import Outcome
from postcall.domain.quarantine import Kind
from postcall.domain.said import LANGUAGES, words
from postcall.domain.status import Status

FILES = sorted(FOLDER.iterdir())
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in FILES if path.suffix == ".js"}
SPEAKING = {name: text for name, text in SCRIPTS.items() if name != "docs.js"}
OWN = json.loads((FOLDER / WORDS).read_text(encoding="utf-8"))
LINK = "https://elevenlabs.io/app/agents/history/"  # followed by a person, never fetched
FORBIDDEN = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "setTimeout('")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_of_a_kind_that_is_served_and_brings_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.suffix in KINDS
    assert text.count("\n") <= 300 or path.name == WORDS
    addresses = set(re.findall(r"https?://[^\s\"']+", text))
    assert addresses <= {"http://www.w3.org/2000/svg", LINK}
    assert not re.search(r"\s(on[a-z]+|style)=[\"']", text) or path.suffix == ".js"


@pytest.mark.parametrize("name", SCRIPTS)
def test_its_types_are_checked(name: str) -> None:
    assert SCRIPTS[name].startswith("// @ts-check\n")


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_text_becomes_html(name: str) -> None:
    assert not [word for word in FORBIDDEN if word in SCRIPTS[name]]


def test_every_import_leads_to_a_file_and_to_a_name_in_it() -> None:
    for name, text in SCRIPTS.items():
        for names, source in re.findall(r"import \{([^}]+)\} from \"\./([^\"]+)\"", text):
            for imported in names.split(","):
                wanted = imported.strip().split(" ")[0]
                given = rf"export (?:async )?(?:const|let|function|class) {wanted}\b|@typedef {{.*}} {wanted}\b"
                assert re.search(given, SCRIPTS[source]), f"{name} imports {wanted} from {source}"


def test_both_languages_say_the_same_things() -> None:
    for key, texts in OWN.items():
        places = [sorted(re.findall(r"\{\w+\}", texts[language])) for language in LANGUAGES]
        assert set(texts) == set(LANGUAGES), key
        assert places[0] == places[1], key


def test_whatever_the_console_says_has_a_text() -> None:
    said = {key for text in SPEAKING.values() for key in re.findall(r"\bt\(\"([a-z_.]+)\"", text)}
    chosen = {key for text in SPEAKING.values() for key in re.findall(r"[?:] \"([a-z_]+(?:\.[a-z_]+)+)\"", text)}
    assert (said | chosen) - {*OWN, *words()} == set()


def test_every_word_of_the_api_has_a_text() -> None:
    for group, kinds in (("status", Status), ("outcome", Outcome), ("quarantined", Kind)):
        assert {f"{group}.{kind}" for kind in kinds} <= set(words())


def test_the_browser_is_given_the_words_that_everybody_shares_beside_the_console_s_own() -> None:
    served = json.loads(file(Request("GET", f"/console/{WORDS}"), "", WORDS)["body"])
    assert served == {"own": OWN, "shared": words()}
