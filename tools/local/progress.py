"""What a long command says while it works: one line a step, with the seconds it took."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


class Progress:
    """Steps on a terminal; the first line of a step appears before it begins."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._began = clock()

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Say what is being done, and when it is done how long it took."""
        began = self._clock()
        self._console.print(f"[bold]•[/] {text} …", highlight=False)
        yield
        self._console.print(f"  [green]done[/] in {self._clock() - began:.1f} s", highlight=False)

    def detail(self, text: str) -> None:
        """A line below the current step."""
        self._console.print(f"  {text}", style="dim", highlight=False, markup=False)

    def say(self, text: str) -> None:
        """A line of its own."""
        self._console.print(text, highlight=False)

    def seconds(self) -> float:
        """Since the command began."""
        return self._clock() - self._began
