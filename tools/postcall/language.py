"""Russian or English: `--lang`, else POSTCALL_LANG, else what the terminal's own language is."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from postcall.domain.said import LANGUAGES, in_language, read_said_members, said, words

VARIABLE = "POSTCALL_LANG"
_NO_CODE = re.compile("[^a-z0-9]+")


def current(environ: Mapping[str, str] = os.environ) -> str:
    """`ru` or `en`."""
    chosen = environ.get(VARIABLE) or environ.get("LC_ALL") or environ.get("LANG") or ""
    return chosen[:2].lower() if chosen[:2].lower() in LANGUAGES else "en"


def word(code: str) -> str:
    """A word such as `status.rejected`; what has none is shown as it is."""
    return words().get(code, {}).get(current(), code.rpartition(".")[2].replace("_", " "))


def sentence_of(members: Mapping[str, Any], name: str) -> str:
    """A sentence of the API, in the chosen language where it has a code."""
    return in_language(read_said_members(dict(members), name) or "", current())


def label(name: str) -> str:
    """A heading or the name of a fact, `in work`, in the chosen language; what has no words stays as it is."""
    code = f"label.{_NO_CODE.sub('_', name.lower()).strip('_')}"
    return tell(said(code)) if code in words() else name.replace("_", " ")


def tell(text: str) -> str:
    """A text in the chosen language; one without a code stays as it is."""
    return in_language(text, current())


def say(code: str, /, **params: object) -> str:
    """The words behind a code, in the chosen language.

    Raises:
        KeyError: For a code without words.
    """
    return tell(said(code, **params))
