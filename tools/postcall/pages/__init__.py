"""Reports: a jinja2 template makes Markdown, and markdown-it makes one HTML page of it that needs nothing beside it.

Raw HTML never passes. A text that may hold something from outside goes through `prose`, `cell` or `fenced`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it.token import Token

FOLDER = Path(__file__).parent
INLINE = re.compile(r"(`[^`\n]+`)|\*\*([^*\n]+)\*\*")
SPECIAL = re.compile(r"([\\`*_\[\]<>|&])")


def templates(folder: Path) -> Environment:
    """The Markdown templates of a folder; a name without a value is an error."""
    found = Environment(  # noqa: S701 — Markdown is no HTML, and the page lets no raw HTML pass
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {"outside": outside, "prose": prose, "cell": cell, "fenced": fenced}
    return found


def outside(text: str) -> str:
    """A text from outside, as a part of our own sentence: nothing in it passes for `code` or **bold**."""
    return text.replace("`", "ʼ").replace("**", "∗∗")


def prose(text: object) -> str:
    """A sentence with `code` and **bold**; everything else in it is text, whatever it looks like."""
    parts, written, position = [], " ".join(str(text).split("\n")), 0
    for match in INLINE.finditer(written):
        code, bold = match.groups()
        parts += [_escaped(written[position : match.start()]), code or f"**{_escaped(bold)}**"]
        position = match.end()
    return "".join([*parts, _escaped(written[position:])])


def cell(text: object) -> str:
    """The same in a table's cell, where a bar would end it even within `code`."""
    return re.sub(r"(?<!\\)\|", r"\\|", prose(text))


def fenced(text: object, info: str = "text") -> str:
    """Something exactly as it was."""
    written = str(text).strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", written)), default=0))
    return f"{fence}{info}\n{written}\n{fence}"


def html_page(
    markdown: str,
    *,
    language: str,
    base: str = "",
    marks: Mapping[str, str] | None = None,
    pictures: Mapping[str, str] | None = None,
) -> str:
    """The Markdown as one page with its contents, for the screen and for paper.

    `base`: where the Markdown's own links start from, as the page sees it; `marks`: what a heading, a paragraph or a
    cell begins with gives it a CSS class; `pictures`: SVG by an image's address.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    _name_headings(tokens)
    _name_cells(tokens)
    _mark(tokens, marks or {})
    _move_links(tokens, base)
    drawn = pictures or {}
    parser.add_render_rule("image", lambda _self, found, index, _options, _environment: _drawing(drawn, found[index]))
    headings = [(token.tag, token.attrGet("id"), title) for token, title in _headings(tokens)]
    page = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    return page.get_template("page.html").render(
        language=language,
        title=next((title for tag, _, title in headings if tag == "h1"), ""),
        contents=[(anchor, title) for tag, anchor, title in headings if tag == "h2"],
        body=Markup(parser.renderer.render(tokens, parser.options, {})),  # noqa: S704 — markdown-it has escaped it
        style=Markup((FOLDER / "page.css").read_text(encoding="utf-8")),  # noqa: S704 — our own file
        script=Markup((FOLDER / "page.js").read_text(encoding="utf-8")),  # noqa: S704 — our own file
    )


def anchor_of(title: str) -> str:
    """The id by which links name a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Each heading's opening token and its text."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            yield opening, "".join(child.content for child in inline.children or ())


def _name_headings(tokens: Sequence[Token]) -> None:
    for heading, title in _headings(tokens):
        heading.attrSet("id", anchor_of(title))


def _name_cells(tokens: Sequence[Token]) -> None:
    """Each cell knows its column, which stands beside it where the screen is narrow."""
    columns: list[str] = []
    number = 0
    for opening, inline in pairwise(tokens):
        match opening.type:
            case "thead_open":
                columns = []
            case "tr_open":
                number = 0
            case "th_open":
                columns.append(inline.content)
            case "td_open":
                opening.attrSet("data-column", columns[number])
                number += 1


def _mark(tokens: Sequence[Token], marks: Mapping[str, str]) -> None:
    """On the page a class stands for the mark."""
    for opening, inline in pairwise(tokens):
        mark = next((mark for mark in marks if inline.type == "inline" and inline.content.startswith(mark)), None)
        if mark is not None and inline.children:
            opening.attrJoin("class", marks[mark])
            inline.children[0].content = inline.children[0].content.removeprefix(mark).lstrip()


def _move_links(tokens: Sequence[Token], base: str) -> None:
    for link in (child for token in tokens for child in token.children or () if child.type == "link_open"):
        address = str(link.attrGet("href"))
        if not address.startswith(("#", "http:", "https:")):
            link.attrSet("href", base + address)


def _drawing(pictures: Mapping[str, str], image: Token) -> Any:  # noqa: ANN401 — markdown-it's renderer is untyped
    picture = pictures[str(image.attrGet("src"))]
    return picture[picture.index("<svg") :]
