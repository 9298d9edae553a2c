"""`postcall token new`: a token with its rights, and the row that lets it in."""

from __future__ import annotations

import json
import secrets
from argparse import Namespace
from datetime import datetime

from rich.text import Text

from postcall.domain.access import Right, Token, is_name, token_hash, write_token
from postcall.domain.said import said
from tools.postcall.context import Context
from tools.postcall.errors import DONE

BYTES = 32


def new(context: Context, options: Namespace) -> int:
    """Make a token and show it once, with its row for the secret; nothing is stored and nobody is asked."""
    text = secrets.token_urlsafe(BYTES)
    token = Token(options.name, token_hash(text), options.may, options.until, dict(options.per_day or ()))
    row = write_token(token)
    context.screen.show(
        {"token": text, "row": row},
        _uncut(f"token  {text}"),
        _uncut(f"row    {json.dumps(row, ensure_ascii=False)}"),
    )
    context.screen.note(said("cli.token"))
    return DONE


def _uncut(line: str) -> Text:
    """A line that is copied: however narrow the terminal, it stays one."""
    return Text(line, no_wrap=True, overflow="ignore")


def rights(text: str) -> frozenset[Right]:
    """`look,act` as rights.

    Raises:
        ValueError: One of them is none, or there is none at all.
    """
    named = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [part for part in named if part not in set(Right)]
    if unknown or not named:
        raise ValueError(f"rights are {', '.join(Right)}, parted by commas")
    return frozenset(map(Right, named))


def until(text: str) -> datetime:
    """A day or a moment, in the time of this machine unless it says another.

    Raises:
        ValueError: It is no ISO 8601 day or moment.
    """
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise ValueError("give a day or a moment such as 2027-01-31 or 2027-01-31T18:00+03:00") from None


def per_day(text: str) -> tuple[Right, int]:
    """`bring=500` as a limit.

    Raises:
        ValueError: The right is none, or the number no whole one.
    """
    right, _, number = text.partition("=")
    if right not in set(Right) or not (number.isascii() and number.isdigit() and int(number)):
        raise ValueError(f"'{text}' is no limit such as bring=500; rights are {', '.join(Right)}")
    return Right(right), int(number)


def name(text: str) -> str:
    """A name that the secret takes.

    Raises:
        ValueError: It is too long, empty, or has other characters than the secret takes.
    """
    if not is_name(text):
        raise ValueError("a name has 1 to 64 letters, digits, spaces and . _ @ -")
    return text
