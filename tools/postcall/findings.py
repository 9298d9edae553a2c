"""How findings are shown: a table where there is room, else a line each with what to do below it, never broken."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from tools.postcall.checks import Check, State
from tools.postcall.language import say, tell
from tools.postcall.screen import WIDE, table

STYLES = {State.WELL: "green", State.WATCH: "yellow", State.WRONG: "bold red", State.UNSEEN: "dim"}
SYMBOLS = {State.WELL: "\N{CHECK MARK}", State.WATCH: "!", State.WRONG: "\N{BALLOT X}", State.UNSEEN: "\N{MIDDLE DOT}"}


class Findings:
    """What was looked at, with its state and, where there is any, what to do."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = checks

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """As wide as the terminal, never wider."""
        yield self._table() if options.max_width >= WIDE else self._lines()

    def _table(self) -> Table:
        columns = tuple(say(f"check.column.{name}") for name in ("what", "state", "found", "todo"))
        return table(columns, ((tell(one.name), _state(one), tell(one.found), tell(one.todo)) for one in self._checks))

    def _lines(self) -> Table:
        made = Table.grid(padding=(0, 1))
        made.add_column(no_wrap=True)
        made.add_column(overflow="fold")
        for one in self._checks:
            line = Text.assemble((tell(one.name), "bold"), " — ", tell(one.found))
            made.add_row(Text(SYMBOLS[one.state], style=STYLES[one.state]), line)
            if one.todo:
                made.add_row("", Text(f"→ {tell(one.todo)}", style=STYLES[one.state]))
        return made


def _state(one: Check) -> Text:
    return Text(f"{SYMBOLS[one.state]} {say(f'check.state.{one.state.name.lower()}')}", style=STYLES[one.state])
