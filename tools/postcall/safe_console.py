"""A console on which what a caller said stays text: no control sequence of a transcript reaches the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

_CONTROL_PICTURES: Final = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
_SHOWN: Final = dict.fromkeys(
    [*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\N{REPLACEMENT CHARACTER}"
)
VISIBLE: Final = _CONTROL_PICTURES | _SHOWN


class SafeConsole(Console):
    """Shows control characters and marks of direction as visible signs; its own styles are not text."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of what is shown, as rich asks for them."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(segment.text.translate(VISIBLE), segment.style)
