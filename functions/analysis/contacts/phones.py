"""Phone numbers of Belarus, Russia and the world: from digits as people say them to E.164, or to nothing.

`phonenumberslite` judges validity; the rules before it are what people of both countries leave out or add. A number
that is not valid after them is no number: half a number helps nobody and a guessed one harms.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from functions.analysis.contacts.spoken_numbers import SpokenNumber
from functions.analysis.words import words

DEFAULT_REGIONS = ("BY", "RU")
SHORTEST, LONGEST = 8, 15  # digits of a number that can be a whole one, E.164's limit above
_PLUS_80 = re.compile(r"\+(80\d{9})")  # speech recognition puts a plus before the trunk prefix
_BELARUS_CODES = ("25", "29", "33", "44", "17")  # mobile networks and Minsk: enough to tell nine digits from an amount
_SHAPE = re.compile(r"\+?[\d\s().\-/]{5,32}")
_DASHES = re.compile(r"[‐‑‒–—―−﹣－]")
_EXTENSION = re.compile(r"(?:доб|вн|ext|extension|x|#|;|\*)[\s.:=a-zа-я]*(?=\d+\D*$)", re.IGNORECASE)


def phone_of(number: SpokenNumber, regions: tuple[str, ...] = DEFAULT_REGIONS) -> str | None:
    """The E.164 form of a dictated number, or None."""
    return _e164(f"+{number.digits}" if number.plus else number.digits, regions)


@dataclass(frozen=True)
class NetworkPhone:
    """The network's number; ambiguous where its digits are a number of another country as well."""

    value: str
    is_ambiguous: bool = False


def network_phone(shown: str, regions: tuple[str, ...] = DEFAULT_REGIONS) -> NetworkPhone | None:
    """The phone behind what the network showed: with its plus, as one of our regions, or with a plus put before it."""
    digits = re.sub(r"\D", "", shown)
    if digits in words("phones", "stand_ins"):
        return None
    if shown.startswith("+"):
        value = _e164(shown, regions)
        return None if value is None else NetworkPhone(value)
    regional, foreign = _e164(digits, regions), _e164(f"+{digits}", regions)
    value = regional or foreign
    if value is None:
        return None
    return NetworkPhone(value, is_ambiguous=regional is not None and foreign is not None and regional != foreign)


def phone_in_digits(digits: str, regions: tuple[str, ...] = DEFAULT_REGIONS, *, plus: bool = False) -> str | None:
    """The E.164 form of digits as they were dictated, or None."""
    return _e164(f"+{digits}" if plus else digits, regions)


def normalised(text: str, regions: tuple[str, ...] = DEFAULT_REGIONS) -> str | None:
    """The E.164 form of a written number, or None when the text is no valid number."""
    stripped = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip().removeprefix("tel:").strip()
    main = _EXTENSION.split(stripped, maxsplit=1)[0].strip(" ,;")
    if not _SHAPE.fullmatch(main):
        return None
    digits = re.sub(r"\D", "", main)
    return _e164(f"+{digits}" if main.startswith("+") else digits, regions)


def with_lost_zero(digits: str) -> str | None:
    """«8 29 612 34 56» for «восемь ноль двадцать девять …»: recognisers lose the zero. Only ever doubtful."""
    if len(digits) != 10 or not digits.startswith("8"):  # noqa: PLR2004 — 8, code and subscriber
        return None
    return _valid(f"+375{digits[1:]}")


def is_ambiguous(number: str) -> bool:
    """Whether an E.164 number may have been another country's: «8 800 …» is toll-free in Belarus and in Russia."""
    return number.startswith(("+7800", "+375800"))


@lru_cache(maxsize=2048)  # a number is met several times in a call: heard, read back, masked
def _e164(number: str, regions: tuple[str, ...]) -> str | None:
    if match := _PLUS_80.fullmatch(number):
        number = match[1]
    if not SHORTEST <= len(number.lstrip("+")) <= LONGEST:
        return None
    return next((valid for guess in _international(number, regions) if (valid := _valid(guess))), None)


def _international(number: str, regions: tuple[str, ...]) -> list[str]:
    """The number with its country code: the readings that its form allows, likeliest first."""
    if number.startswith("+"):
        return [number]
    for prefix in ("00", "810"):
        if number.startswith(prefix) and len(number) > 11:  # noqa: PLR2004 — longer than any national number
            return [f"+{number.removeprefix(prefix)}"]
    readings = {"BY": _belarus(number), "RU": _russia(number)}
    found = [readings.get(region) or _elsewhere(number, region) for region in regions]
    return [reading for reading in found if reading]


def _belarus(number: str) -> str:
    """`80 29 …`, `029 …`, `29 …` with a known code, `375 …`."""
    if len(number) == 12 and number.startswith("375"):  # noqa: PLR2004 — country code and nine digits
        return f"+{number}"
    national = number
    if len(number) == 11 and number.startswith("80") and not number.startswith("800"):  # noqa: PLR2004 — trunk prefix 80
        national = number[2:]
    elif len(number) == 10 and number.startswith("0"):  # noqa: PLR2004 — trunk prefix cut to 0
        national = number[1:]
    elif len(number) != 9 or not number.startswith(_BELARUS_CODES):  # noqa: PLR2004 — nine digits
        return ""
    return f"+375{national}"


def _russia(number: str) -> str:
    """`8 9xx …`, `8 800 …`, `7 …`, or ten digits beginning with 9; `8 0…` is Belarusian."""
    if len(number) == 11 and number[0] in "78" and number[1] in "3456789":  # noqa: PLR2004 — trunk prefix and ten digits
        return f"+7{number[1:]}"
    return f"+7{number}" if len(number) == 10 and number[0] == "9" else ""  # noqa: PLR2004 — ten digits


def _elsewhere(number: str, region: str) -> str:
    if region in {"BY", "RU"}:
        return ""
    library = _library()
    try:
        return str(library.format_number(library.parse(number, region), library.PhoneNumberFormat.E164))
    except library.NumberParseException:
        return ""


def _valid(number: str) -> str | None:
    library = _library()
    try:
        parsed = library.parse(number, None)
    except library.NumberParseException:
        return None
    if not library.is_valid_number(parsed):
        return None
    return str(library.format_number(parsed, library.PhoneNumberFormat.E164))


@cache
def _library() -> Any:  # noqa: ANN401 — a module
    """`phonenumbers`, loaded with the first number: it costs a cold start a tenth of a second."""
    import phonenumbers  # noqa: PLC0415 — see above

    return phonenumbers
