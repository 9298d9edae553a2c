"""What happened, line by line: for a person who reads a failure, and for the hash that two runs must share."""

from __future__ import annotations

from hashlib import sha256

from tools.verify.simulation.kernel import DAY, HOUR, MINUTE, SECOND, Kernel

EVERYBODY = ""


class EventLog:
    """Remembers every line with its moment and with the event it is about."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._lines: list[tuple[int, str, str]] = []

    def tell(self, about: str, text: str) -> None:
        """Write a line down."""
        self._lines.append((self._kernel.now, about, text))

    @property
    def digest(self) -> str:
        """The same for two runs exactly when everything happened the same."""
        return sha256("\n".join(f"{at} {about} {text}" for at, about, text in self._lines).encode()).hexdigest()

    def readable(self, about: str | None, *, last: int = 40) -> str:
        """The newest lines about one event and about everybody, each with its day and time."""
        sentence = [line for line in self._lines if about is None or line[1] in {about, EVERYBODY}]
        left_out = f"  … {len(sentence) - last} earlier lines\n" if len(sentence) > last else ""
        return left_out + "\n".join(f"  {format_time(at)}  {about_:<8} {text}" for at, about_, text in sentence[-last:])


def format_time(at: int) -> str:
    """Milliseconds as `day 2 03:04:05.678`."""
    day, rest = divmod(at, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, milliseconds = divmod(rest, SECOND)
    return f"day {day + 1} {hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"
