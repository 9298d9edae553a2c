"""What a person reads: the progress while it runs, the table at the end, and the story of each failed id."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tools.verify.load.measured import Run
from tools.verify.load.watch import Look

LINES_EVERY_SECONDS = 15.0
WRONG = ("lost", "doubled", "waiting", "never_acknowledged", "strangers", "disagreeing")
_LEFT_OUT = {"series", "failed_ids"}


class Bars:
    """Two bars on a terminal, a line now and then elsewhere."""

    def __init__(self, console: Console, events: int) -> None:
        self._console, self._events, self._told_at = console, events, 0.0
        columns = (TextColumn("{task.description:>13}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Progress(*columns, TextColumn("{task.fields[more]}"), console=console, transient=True)
        self._acknowledged = self._bars.add_task("acknowledged", total=events, more="")
        self._leads = self._bars.add_task("leads", total=events, more="")
        self._started = False

    def tell(self, look: Look) -> None:
        """Show a look."""
        more = f"{look.waiting} in the queues, {look.dead_letters} dead letters"
        if self._console.is_terminal:
            if not self._started:
                self._bars.start()
                self._started = True
            self._bars.update(self._acknowledged, completed=look.acknowledged)
            self._bars.update(self._leads, completed=look.delivered, more=more)
        elif look.seconds - self._told_at >= LINES_EVERY_SECONDS:
            self._told_at = look.seconds
            counts = f"{look.acknowledged}/{self._events} acknowledged, {look.delivered} leads, {more}"
            self._console.print(f"  {look.seconds:5.0f} s: {counts}", highlight=False)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._started:
            self._bars.stop()


def tell(title: str, run: Run, numbers: dict[str, Any], console: Console) -> None:
    """The table, the verdict, and what is known about the failed ids."""
    table = Table(title=title, show_header=False, title_justify="left")
    table.add_column(style="bold")
    table.add_column(justify="right", overflow="fold")
    for name, value in numbers.items():
        if name not in _LEFT_OUT:
            shown = ", ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else f"{value}"
            table.add_row(name.replace("_", " "), shown, style="red" if name in WRONG and value else None)
    console.print(table)
    if run.findings.clean:
        console.print(f"[green]Every one of the {numbers['events']} calls is exactly one lead.[/]", highlight=False)
        return
    for kind, ids in numbers["failed_ids"].items():
        console.print(f"[red]{kind}:[/] {', '.join(ids)}", highlight=False)
    for event_id, said in run.report.items():
        console.print(f"\nGET /api/events/{event_id}\n{said}", highlight=False, markup=False)
