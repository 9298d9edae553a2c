"""Read a step's settings from its environment: one dataclass a step, one clear sentence for a wrong value.

A field's upper-cased name is the variable's name; an empty variable counts as unset. Plain dataclasses and not a
validation library, because every function pays for its imports on each cold start.
"""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from postcall.domain.errors import PostcallError
from postcall.domain.said import said

T = TypeVar("T")
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingError(PostcallError):
    """A variable is missing or wrong; the text names it and says what it should be.

    No caller's fault and not `Rejected`: it must fail the invocation, never become a 400 that loses a call.
    """


def setting(
    parse: Callable[[str], Any] = str,
    *,
    default: Any = dataclasses.MISSING,  # noqa: ANN401 — a dataclass field takes any type
    about: str = "",
) -> Any:  # noqa: ANN401 — the same
    """Declare a setting: how its text is read, what it is when unset (required without a default), what it is for.

    Without `about` it is a resource's name, which the deployment tells and nobody chooses.
    """
    return dataclasses.field(default=default, metadata={"parse": parse, "about": about})


def read_settings(settings: type[T], environment: Mapping[str, str]) -> T:
    """Read all fields of a settings dataclass.

    Raises:
        SettingError: For the first variable that is wrong.
    """
    values: dict[str, Any] = {}
    for field in dataclasses.fields(settings):  # type: ignore[arg-type]  # any dataclass
        name = field.name.upper()
        text = environment.get(name, "").strip()
        if text:
            values[field.name] = _parsed(name, text, field.metadata.get("parse", str))
        elif field.default is dataclasses.MISSING:
            raise SettingError(f"{name} is not set.")
    return settings(**values)


def _parsed(name: str, text: str, parse: Callable[[str], Any]) -> Any:  # noqa: ANN401 — whatever the parser makes
    try:
        return parse(text)
    except ValueError as error:
        raise SettingError(f"{name}: {error}") from error


def flag(text: str) -> bool:
    """`true` or `false` (also 1/0, yes/no, on/off).

    Raises:
        ValueError: It is another word.
    """
    word = text.lower()
    if word in {"true", "1", "yes", "on"}:
        return True
    if word in {"false", "0", "no", "off"}:
        return False
    raise ValueError(said("setting.flag", text=text))


def parse_int(minimum: int, maximum: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII) or not minimum <= int(text) <= maximum:
            raise ValueError(said("setting.whole", text=text, minimum=minimum, maximum=maximum))
        return int(text)

    return parse


def parse_float(minimum: float, maximum: float) -> Callable[[str], float]:
    """A number within bounds."""

    def parse(text: str) -> float:
        if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text, re.ASCII) or not minimum <= float(text) <= maximum:
            raise ValueError(f"'{text}' is not a number from {minimum:g} to {maximum:g}.")
        return float(text)

    return parse


E_ = TypeVar("E_", bound=StrEnum)


def one_of(words: type[E_]) -> Callable[[str], E_]:
    """One of an enumeration's words."""

    def parse(text: str) -> E_:
        try:
            return words(text.lower())
        except ValueError:
            raise ValueError(f"'{text}' is none of {', '.join(words)}.") from None

    return parse


def http_url(text: str) -> str:
    """An https URL; plain http only on loopback, since leads are personal data.

    Raises:
        ValueError: It is no such URL, is http elsewhere, or holds a user, password or fragment.
    """
    parts = _split(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"'{text}' is not an http or https URL.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise ValueError(f"'{text}' must be https: personal data travels in plain sight over http.")
    if parts.username or parts.password or parts.fragment:
        raise ValueError("the URL must hold no user, password or fragment.")
    return text


def parse_origin(text: str) -> str:
    """A web origin: scheme and host (and port), without a path, a trailing slash or anything behind it.

    Raises:
        ValueError: It is no http or https origin, or has more behind it.
    """
    parts = _split(text)
    whole_origin = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or text != whole_origin:
        raise ValueError(f"'{text}' is not an origin such as https://www.example.com (no path, no trailing slash).")
    return text


def absolute_url(text: str) -> str:
    """An http or https URL on any host (a Referer, say).

    Raises:
        ValueError: It has another scheme or no host.
    """
    parts = _split(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"'{text}' is not an absolute http or https URL.")
    return text


def _split(text: str) -> Any:  # noqa: ANN401 — urllib's result class
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"'{text}' is not a URL.")
    parts = urlsplit(text)
    _ = parts.port  # raises ValueError when it is not a port
    return parts


def uuid_text(text: str) -> str:
    """A GUID in its usual form, lower-cased.

    Raises:
        ValueError: It is no GUID.
    """
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError(f"'{text}' is not a GUID.") from None
