"""What the console says in a language, by its keys: a test of both languages names each text once."""

from __future__ import annotations

import json

import pytest

from functions.operations.routes.console import FOLDER, WORDS
from postcall.domain.said import words

LANGUAGES = ("ru", "en")
_SAID = {**words(), **json.loads((FOLDER / WORDS).read_text(encoding="utf-8"))}


def says(language: str, key: str, **values: object) -> str:
    """The text, with its values put in."""
    return str(_SAID[key][language].format(**values))


def each_language(*, quick: str | None = None) -> pytest.MarkDecorator:
    """A test in both languages: `quick` is that of `make test`; the other, or both, belong to the long proofs."""
    marked = [pytest.param(each, marks=() if each == quick else pytest.mark.long) for each in LANGUAGES]
    return pytest.mark.parametrize("language", marked)
