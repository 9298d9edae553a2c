"""The console's files, the API's description and its page: public, since only the data asks for a token."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path

from postcall.aws.http import HttpError, Request, Response
from postcall.domain.said import said, words

FOLDER = Path(__file__).resolve().parent.parent / "console"
DESCRIPTION = FOLDER.parent / "openapi.json"  # made with the templates (infra/openapi) and packed with this code
WORDS = "words.json"  # the console's own, served with those that everybody shares
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
}
# Nothing inline, nothing from elsewhere, no text as HTML (trusted types); the browser keeps no file without asking.
SAFE = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


@dataclass(frozen=True)
class File:
    """What is served: a text, its kind, and the tag by which a browser asks whether it has changed."""

    text: str
    kind: str

    @property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.text.encode()).hexdigest()[:32]}"'


def front(_request: Request, _who: str) -> Response:
    """The bare address leads to the console. The way is relative: the address may have a stage's name in it."""
    return {"statusCode": int(HTTPStatus.FOUND), "headers": SAFE | {"location": "console"}, "body": ""}


def page(request: Request, _who: str) -> Response:
    """The console."""
    return _served(request, "console.html")


def file(request: Request, _who: str, name: str) -> Response:
    """One of the console's files."""
    return _served(request, name)


def docs(request: Request, _who: str) -> Response:
    """The API's description for people."""
    return _served(request, "docs.html")


def openapi(request: Request, _who: str) -> Response:
    """The API's description for programs."""
    return _sent(request, _description())


def _served(request: Request, name: str) -> Response:
    found = _files().get(name)
    if found is None:
        raise HttpError(HTTPStatus.NOT_FOUND, said("request.no_file"))
    return _sent(request, found)


def _sent(request: Request, found: File) -> Response:
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if found.tag in known:
        return {"statusCode": int(HTTPStatus.NOT_MODIFIED), "headers": SAFE | {"etag": found.tag}, "body": ""}
    headers = SAFE | {"content-type": found.kind, "etag": found.tag}
    return {"statusCode": int(HTTPStatus.OK), "headers": headers, "body": found.text}


@cache
def _files() -> dict[str, File]:
    """All of them, by name: a name from a request is looked up here and never becomes a path."""
    found = {
        path.name: File(path.read_text(encoding="utf-8"), KINDS[path.suffix])
        for path in FOLDER.iterdir()
        if path.suffix in KINDS
    }
    own = found[WORDS]
    return found | {
        WORDS: File(json.dumps({"own": json.loads(own.text), "shared": words()}, ensure_ascii=False), own.kind)
    }


@cache
def _description() -> File:
    return File(DESCRIPTION.read_text(encoding="utf-8"), "application/json; charset=utf-8")
