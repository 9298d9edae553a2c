"""How things are told to people: times with their offset, statuses in a sentence and a colour, sizes, durations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from rich.text import Text

from postcall.domain.said import words
from postcall.domain.zone import operators_zone
from tools.postcall.language import current, label, word

STATUSES = {  # each in its colour
    "received": "cyan",
    "analyzed": "cyan",
    "sending": "cyan",
    "retrying": "yellow",
    "delivered": "green",
    "partial": "yellow",
    "dry_run": "blue",
    "disabled": "blue",
    "rejected": "red",
    "unknown": "bold red",
    "excluded": "dim",
}
NEVER_SENT = ("disabled", "dry_run")  # a setting said so: the event rests, and nobody sends it by itself
ON_THE_WAY = frozenset({"received", "analyzed", "sending", "retrying"})
NEEDS_ATTENTION = ("unknown", "rejected", "partial")
_KIB = 1024
_A_SECOND_MS = 1000
_A_MINUTE = 60


def format_time(text: str | None) -> str:
    """An API time (`2026-11-24T10:00:00.000Z`) as this machine's clock shows it: `2026-11-24 13:00:00 +03:00`."""
    if not text:
        return ""
    at = datetime.fromisoformat(text).astimezone()
    offset = at.strftime("%z")
    return f"{at:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:]}"


def status_word(status: str) -> Text:
    """A status in its colour."""
    return Text(word(f"status.{status}"), style=STATUSES.get(status, ""))


def status_sentence(status: str) -> str:
    """What a status means."""
    return word(f"status.{status}.about") if f"status.{status}.about" in words() else ""


_UNITS_RU = {"B": "Б", "KiB": "КиБ", "ms": "мс", "s": "с", "min": "мин"}


def _unit(sign: str) -> str:
    return _UNITS_RU[sign] if current() == "ru" else sign


def size(count: float | None) -> str:
    """Bytes for people."""
    if count is None:
        return ""
    return f"{count:.0f} {_unit('B')}" if count < _KIB else f"{count / _KIB:.1f} {_unit('KiB')}"


def span(milliseconds: float | None) -> str:
    """A duration for people."""
    if milliseconds is None:
        return ""
    return f"{milliseconds:.0f} {_unit('ms')}" if milliseconds < _A_SECOND_MS else seconds(milliseconds / _A_SECOND_MS)


def seconds(value: float | None) -> str:
    """Seconds for people: `4.2 s`, `3 min 20 s`."""
    if value is None:
        return "–"
    if value < _A_MINUTE:
        return f"{value:.1f} {_unit('s')}"
    return f"{value // _A_MINUTE:.0f} {_unit('min')} {value % _A_MINUTE:02.0f} {_unit('s')}"


def day(text: str) -> str:
    """A day of the API (of the operator's zone) from `2026-11-24`, `today` or `yesterday`.

    Raises:
        ValueError: It is none of these.
    """
    today = datetime.now(operators_zone()).date()
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    if text in named:
        return named[text].isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"'{text}' is neither a day such as 2026-11-24 nor today or yesterday") from None


def since(text: str) -> str:
    """A moment from `2h`, `3d`, a day, or an ISO time (local without an offset), as UTC.

    Raises:
        ValueError: It is none of these.
    """
    units = {"h": "hours", "d": "days"}
    if text[:-1].isdigit() and text[-1:] in units:
        at = datetime.now(UTC) - timedelta(**{units[text[-1]]: int(text[:-1])})
    else:
        try:
            at = datetime.fromisoformat(text).astimezone(UTC)
        except ValueError:
            raise ValueError(f"'{text}' is neither 6h, 2d, nor a time such as 2026-11-24T08:00") from None
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(value: Any) -> str:  # noqa: ANN401 — any JSON
    """Any value of the API in a cell."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return label("yes" if value else "no")
    if isinstance(value, list):
        return ", ".join(plain(each) for each in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{label(name)}: {plain(each)}" for name, each in value.items()) or "–"
    return str(value)
