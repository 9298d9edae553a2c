"""A report as blocks, so that Markdown and HTML say the same: headings, texts, facts, tables, cards, code, letters.

Texts may hold `code` and **bold**, and nothing else; whatever comes from outside is put through `outside` first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.postcall.uat.result import Verdict

INLINE = re.compile(r"`(?P<code>[^`\n]+)`|\*\*(?P<bold>[^*\n]+)\*\*")
LABELS = {
    Verdict.PASSED: "пройдено",
    Verdict.FAILED: "не пройдено",
    Verdict.NOTED: "иначе, чем ожидалось",
    Verdict.UNCONFIRMED: "не подтверждено в CRM",
    Verdict.NOT_RUN: "не выполнялось",
}


def outside(text: str) -> str:
    """A text from outside, with nothing in it that would be read as markup."""
    return text.replace("`", "ʼ").replace("**", "∗∗")


@dataclass(frozen=True)
class Heading:
    """A section."""

    text: str
    anchor: str


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Names and values."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Rows under their columns; a verdict may stand in a cell."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str | Verdict]]


@dataclass(frozen=True)
class Code:
    """Something exactly as it was."""

    label: str
    text: str


@dataclass(frozen=True)
class Card:
    """One scenario or probe: its verdict, what is told of it, and its exchanges below."""

    title: str
    verdict: Verdict
    rows: Sequence[tuple[str, str]]
    exchanges: Sequence[tuple[str, Code, Code]] = ()
    label: str = ""

    @property
    def verdict_words(self) -> str:
        """How the verdict is called on this card."""
        return self.label or LABELS[self.verdict]


@dataclass(frozen=True)
class Counts:
    """How many ended how."""

    numbers: Sequence[tuple[Verdict, int]]


@dataclass(frozen=True)
class Letter:
    """A letter, ready to be copied. `text` is plain."""

    title: str
    subject: str
    text: str


Block = Heading | Text | Facts | Table | Code | Card | Counts | Letter


@dataclass(frozen=True)
class Document:
    """A whole report. `lead` stands under the title."""

    title: str
    lead: str
    blocks: Sequence[Block]
