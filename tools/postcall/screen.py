"""What a command shows: tables for a person on standard output, or one JSON document for a program; the rest on
standard error, so that a pipe never gets a progress bar.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from postcall.domain.said import said
from tools.postcall.errors import WrongUsage
from tools.postcall.language import label, say, tell
from tools.postcall.safe_console import SafeConsole

WIDTH_OF_A_PIPE = 200
WIDE = 120  # columns from which there is room for more
Step = Callable[..., None]


class Screen:
    """The terminal, or the pipe."""

    def __init__(self, *, as_json: bool = False, out: Console | None = None, err: Console | None = None) -> None:
        self.as_json = as_json
        self.out = out or SafeConsole(width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE, highlight=False)
        self.err = err or SafeConsole(stderr=True, highlight=False)

    def show(self, data: Any, *renderables: RenderableType) -> None:  # noqa: ANN401 — any JSON
        """The result: `data` to a program, the renderables to a person."""
        if self.as_json:
            self.out.file.write(json.dumps(data, ensure_ascii=False, indent=None) + "\n")
            return
        for each in renderables:
            uncut = isinstance(each, Text) and each.no_wrap is True  # it is copied: however narrow, it stays one line
            shown = tell(each) if isinstance(each, str) else each
            self.out.print(shown, markup=False, soft_wrap=uncut)

    def note(self, text: str) -> None:
        """A word beside the result."""
        if not self.as_json:
            self.err.print(tell(text), markup=False, style="dim", soft_wrap=True)

    def warn(self, text: str) -> None:
        """A word that must not be missed, for programs too."""
        self.err.print(say("cli.warning", text=text), markup=False, style="yellow", soft_wrap=True)

    def confirm(self, question: str, *, yes: bool) -> bool:
        """Ask before something that cannot be taken back; `yes` is the answer given on the command line.

        Raises:
            WrongUsage: There is nobody to ask.
        """
        if yes:
            return True
        if not sys.stdin.isatty():
            raise WrongUsage(said("cli.nobody_there", question=question))
        self.err.print(Text(f"{tell(question)} [y/N] "), end="")
        return sys.stdin.readline().strip().lower() in {"y", "yes", "д", "да"}

    @contextmanager
    def progress(self, text: str, total: int | None = None) -> Iterator[Step]:
        """A bar for long work; the step moves it on (`advance=`), sets it (`completed=`) or renames it."""
        shown = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            *([MofNCompleteColumn()] if total is not None else []),
            TimeElapsedColumn(),
            console=self.err,
            transient=True,
            disable=self.as_json or not self.err.is_terminal,
        )
        with shown:
            task = shown.add_task(tell(text), total=total)

            def step(advance: int = 1, **changes: Any) -> None:  # noqa: ANN401 — rich's own
                shown.update(task, **({} if "completed" in changes else {"advance": advance}) | changes)

            yield step


def table(columns: Sequence[str], rows: Iterable[Sequence[RenderableType]], *, title: str | None = None) -> Table:
    """A table whose first column is never broken; texts are shown as they are, never read as markup."""
    made = Table(
        title=title and label(title), title_justify="left", title_style="bold", header_style="bold", box=SIMPLE_HEAD
    )
    made.pad_edge = made.show_edge = False
    for number, name in enumerate(columns):
        made.add_column(label(name), no_wrap=number == 0, overflow="fold")
    for row in rows:
        made.add_row(*(Text(tell(cell)) if isinstance(cell, str) else cell for cell in row))
    return made


def facts(pairs: Iterable[tuple[str, RenderableType]], *, title: str | None = None) -> Table:
    """Names and values below each other; a pair without a value is left out."""
    made = Table.grid(padding=(0, 2))
    made.title, made.title_justify, made.title_style = title and label(title), "left", "bold"
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in pairs:
        if value != "":
            made.add_row(label(name), Text(tell(value)) if isinstance(value, str) else value)
    return made


def indented(text: Text) -> Padding:
    """A text whose every line begins two columns to the right, also where it wraps."""
    return Padding(text, (0, 0, 0, 2))


def bars(title: str, numbers: Iterable[tuple[str, int]], *, width: int = 40) -> Table:
    """A small bar chart."""
    known = list(numbers)
    most = max((count for _, count in known), default=0) or 1
    made = Table.grid(padding=(0, 1))
    made.title, made.title_justify, made.title_style = title and label(title), "left", "bold"
    for name, count in known:
        made.add_row(Text(name, style="dim"), Text("█" * round(width * count / most), style="cyan"), Text(str(count)))
    return made
