"""The report as one HTML page that needs nothing beside it: for a mail, a dark screen, and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from tools.postcall.uat.document import (
    INLINE,
    LABELS,
    Block,
    Card,
    Code,
    Counts,
    Document,
    Facts,
    Heading,
    Letter,
    Table,
    Text,
)
from tools.postcall.uat.result import Verdict

_PAGE = Path(__file__).parent / "page"


def page(document: Document) -> str:
    """The whole page."""
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    links = "".join(f'<li><a href="#{block.anchor}">{_inline(block.text)}</a></li>' for block in headings)
    template = (_PAGE / "page.html").read_text(encoding="utf-8")
    values = {
        "title": escape(document.title),
        "lead": _inline(document.lead),
        "contents": links,
        "body": "\n".join(_sections(document.blocks)),
        "style": (_PAGE / "page.css").read_text(encoding="utf-8"),
        "script": (_PAGE / "page.js").read_text(encoding="utf-8"),
    }
    for name, value in values.items():
        template = template.replace(f"<!-- {name} -->", value)
    return template


def _sections(blocks: Iterable[Block]) -> Iterable[str]:
    """Each heading opens a section that holds what follows it."""
    is_open = False
    for block in blocks:
        if isinstance(block, Heading):
            if is_open:
                yield "</section>"
            yield f'<section id="{block.anchor}"><h2>{_inline(block.text)}</h2>'
            is_open = True
        else:
            yield _RENDERERS[type(block)](block)
    if is_open:
        yield "</section>"


def _counts(block: Counts) -> str:
    tiles = (
        f'<div class="count {verdict}"><b>{count}</b><span>{LABELS[verdict]}</span></div>'
        for verdict, count in block.numbers
        if count
    )
    return f'<div class="counts">{"".join(tiles)}</div>'


def _letter(letter: Letter) -> str:
    return (
        f'<article class="letter"><header><h3>{escape(letter.title)}</h3><button type="button">Скопировать</button>'
        f'</header><p class="subject">Тема: {escape(letter.subject)}</p>'
        f"<pre>{escape(letter.text.strip())}</pre></article>"
    )


def _facts(rows: Iterable[tuple[str, str]]) -> str:
    pairs = "".join(f"<div><dt>{_inline(name)}</dt><dd>{_inline(value)}</dd></div>" for name, value in rows)
    return f'<dl class="facts">{pairs}</dl>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_inline(column)}</th>' for column in table.columns)
    body = "".join(f"<tr>{_cells(table.columns, row)}</tr>" for row in table.rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(columns: Sequence[str], row: Sequence[str | Verdict]) -> str:
    """A row's cells; each knows its column, which stands beside it where the screen is narrow."""
    pairs = zip(columns, row, strict=True)
    return "".join(f'<td data-column="{escape(column)}">{_cell(cell)}</td>' for column, cell in pairs)


def _cell(cell: str | Verdict) -> str:
    return _badge(cell) if isinstance(cell, Verdict) else _inline(cell)


def _badge(verdict: Verdict, label: str = "") -> str:
    return f'<span class="badge {verdict}">{label or LABELS[verdict]}</span>'


def _card(card: Card) -> str:
    exchanges = "".join(
        f"<details><summary>{escape(title)}</summary>"
        f'<div class="exchange">{_code(sent)}{_code(received)}</div></details>'
        for title, sent, received in card.exchanges
    )
    badge = _badge(card.verdict, card.verdict_words)
    return (
        f'<article class="card {card.verdict}"><header><h3>{_inline(card.title)}</h3>{badge}</header>'
        f"{_facts(card.rows)}{exchanges}</article>"
    )


def _code(code: Code) -> str:
    text = escape(code.text.strip())
    return f'<figure><figcaption>{escape(code.label)}</figcaption><pre tabindex="0">{text}</pre></figure>'


def _inline(text: str) -> str:
    """`code` and **bold**; everything else is text."""
    parts, position = [], 0
    for match in INLINE.finditer(text):
        parts.append(escape(text[position : match.start()]))
        code, bold = match["code"], match["bold"]
        parts.append(f"<code>{escape(code)}</code>" if code is not None else f"<strong>{escape(bold)}</strong>")
        position = match.end()
    return "".join([*parts, escape(text[position:])])


_RENDERERS: dict[type[Block], Callable[[Any], str]] = {
    Text: lambda text: f"<p>{_inline(text.text)}</p>",
    Facts: lambda facts: _facts(facts.rows),
    Counts: _counts,
    Table: _table,
    Code: _code,
    Card: _card,
    Letter: _letter,
}
