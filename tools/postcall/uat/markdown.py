"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tools.postcall.uat.document import (
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

MARKS = {
    Verdict.PASSED: "✅",
    Verdict.FAILED: "❌",
    Verdict.NOTED: "🔶",
    Verdict.UNCONFIRMED: "👁",
    Verdict.NOT_RUN: "⏸",
}


def markdown(document: Document) -> str:
    """The whole report."""
    parts = [f"# {document.title}", document.lead, *(_RENDERERS[type(block)](block) for block in document.blocks)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _counts(block: Counts) -> str:
    return " · ".join(f"{MARKS[verdict]} {LABELS[verdict]}: **{count}**" for verdict, count in block.numbers if count)


def _letter(letter: Letter) -> str:
    return f"### {letter.title}\n\nТема: **{letter.subject}**\n\n{_fenced(letter.text)}"


def _facts(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- {name}: {value}" for name, value in rows)


def _table(table: Table) -> str:
    rule = "|" + "---|" * len(table.columns)
    lines = [_row(table.columns), rule, *(_row([_cell(cell) for cell in row]) for row in table.rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("\n", " ").replace("|", "\\|") for cell in cells) + " |"


def _cell(cell: str | Verdict) -> str:
    return f"{MARKS[cell]} {LABELS[cell]}" if isinstance(cell, Verdict) else cell


def _card(card: Card) -> str:
    parts = [f"### {MARKS[card.verdict]} {card.title}", _facts([("Итог", card.verdict_words), *card.rows])]
    for title, sent, received in card.exchanges:
        parts.append(f"<details><summary>{title}</summary>\n\n{_code(sent)}\n\n{_code(received)}\n\n</details>")
    return "\n\n".join(parts)


def _code(code: Code) -> str:
    return f"{code.label}:\n\n{_fenced(code.text)}"


def _fenced(text: str) -> str:
    fence = "````" if "```" in text else "```"
    return f"{fence}text\n{text.strip()}\n{fence}"


_RENDERERS: dict[type[Block], Callable[[Any], str]] = {
    Heading: lambda heading: f"## {heading.text}",
    Text: lambda text: str(text.text),
    Facts: lambda facts: _facts(facts.rows),
    Counts: _counts,
    Table: _table,
    Code: _code,
    Card: _card,
    Letter: _letter,
}
