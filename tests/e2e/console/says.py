"""What the console says in a language, by its keys: a test of both languages names each text once."""

from __future__ import annotations

import json

from functions.operations.routes.console import FOLDER, WORDS
from postcall.domain.said import words
from tests.e2e.console.browser import Console

LANGUAGES = ("ru", "en")
_SAID = {**words(), **json.loads((FOLDER / WORDS).read_text(encoding="utf-8"))}


def says(language: str, key: str, **values: object) -> str:
    """The text, with its values put in."""
    return str(_SAID[key][language].format(**values))


def speak(console: Console, language: str) -> None:
    """The page anew, in this language."""
    console.page.evaluate("language => localStorage.setItem('postcall.language', language)", language)
    console.page.reload()
