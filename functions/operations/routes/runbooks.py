"""What the console shows of docs in its own language: the operating guide, and a runbook beside each cause."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from pathlib import Path

from functions.operations.bodies import language, query_param
from postcall.aws.http import HttpError, Request, Response, json_response
from postcall.domain.said import said

DOCS = Path(__file__).resolve().parents[3] / "docs"
FOLDERS = {"en": DOCS / "runbooks", "ru": DOCS / "runbooks" / "ru"}
GUIDE = "operating"
GUIDES = {"en": DOCS / "operating.md", "ru": DOCS / "operating.ru.md"}
PACKED = ("docs/runbooks", *(f"docs/{path.name}" for path in GUIDES.values()))  # with the function
_TO_THE_OTHER_LANGUAGE = re.compile(
    r"^\[[^]]+\]\([^)]+\)\n\n", re.MULTILINE
)  # a line of its own, for readers of the files


def show(request: Request, _who: str, name: str) -> Response:
    """One page as Markdown, in Russian unless asked otherwise.

    Raises:
        HttpError: 404 where there is no such page.
    """
    chosen = query_param(request, "lang", language) or "ru"
    pages = _pages(chosen)
    if name not in pages:
        raise HttpError(HTTPStatus.NOT_FOUND, said("request.no_file"))
    return json_response(
        HTTPStatus.OK, {"name": name, "language": chosen, "markdown": pages[name], "pages": sorted(pages)}
    )


@cache
def _pages(chosen: str) -> dict[str, str]:
    """All of them, by name: a name from a request is looked up here and never becomes a path."""
    paths = {path.stem: path for path in FOLDERS[chosen].glob("*.md")} | {GUIDE: GUIDES[chosen]}
    return {name: _TO_THE_OTHER_LANGUAGE.sub("", path.read_text(encoding="utf-8")) for name, path in paths.items()}
