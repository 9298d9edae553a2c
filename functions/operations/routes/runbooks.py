"""What to do when something is wrong: the pages of docs/runbooks, as the console shows them beside a cause."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path

from functions.operations.bodies import language, query_param
from postcall.aws.http import HttpError, Request, Response, json_response
from postcall.domain.said import said

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "runbooks"
FOLDERS = {"en": FOLDER, "ru": FOLDER / "ru"}


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
    return {path.stem: path.read_text(encoding="utf-8") for path in FOLDERS[chosen].glob("*.md")}
