"""How things are told to people: times with their offset, statuses in a sentence and a colour, sizes, durations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from rich.text import Text

from postcall.domain.zone import operators_zone

STATUSES: dict[str, tuple[str, str]] = {
    "received": ("cyan", "stored; the analysis has not judged it yet"),
    "analyzed": ("cyan", "analysed; the lead waits to be sent"),
    "sending": ("cyan", "a worker is sending the lead"),
    "retrying": ("yellow", "the CRM is unavailable; the queue tries again by itself"),
    "delivered": ("green", "the CRM has the lead"),
    "partial": ("yellow", "the CRM has the lead without some of its values: a person looks"),
    "dry_run": ("blue", "the payload is recorded, nothing was sent (EXTERNAL_CRM_DRY_RUN=true)"),
    "disabled": ("blue", "sending is switched off (EXTERNAL_CRM_ENABLED=false)"),
    "rejected": ("red", "the CRM does not have the lead and trying again cannot help: a person looks"),
    "unknown": ("bold red", "the CRM may or may not have the lead: a person looks there, then `postcall resolve`"),
    "excluded": ("dim", "not a lead"),
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
    return Text(status, style=STATUSES.get(status, ("", ""))[0])


def status_sentence(status: str) -> str:
    """What a status means."""
    return STATUSES.get(status, ("", ""))[1]


def size(count: float | None) -> str:
    """Bytes for people."""
    if count is None:
        return ""
    return f"{count:.0f} B" if count < _KIB else f"{count / _KIB:.1f} KiB"


def span(milliseconds: float | None) -> str:
    """A duration for people."""
    if milliseconds is None:
        return ""
    return f"{milliseconds:.0f} ms" if milliseconds < _A_SECOND_MS else f"{milliseconds / _A_SECOND_MS:.1f} s"


def seconds(value: float | None) -> str:
    """Seconds for people: `4.2 s`, `3 min 20 s`."""
    if value is None:
        return "–"
    if value < _A_MINUTE:
        return f"{value:.1f} s"
    return f"{value // _A_MINUTE:.0f} min {value % _A_MINUTE:02.0f} s"


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
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(plain(each) for each in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {plain(each)}" for name, each in value.items()) or "–"
    return str(value)
