"""The name under which an event is found by the caller's phone or e-mail: a keyed hash, never the value itself.

HMAC and not a plain hash: there are so few phone numbers that whoever got hold of an index of plain hashes (a backup, a
log of requests) could try them all in seconds. Without the key there is nothing to try.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

SHORTEST_NUMBER, LONGEST_NUMBER = 5, 15  # digits; the longest is E.164's
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_NOT_OF_A_NUMBER = re.compile(r"[\s().\-–/]+")


def contact_keys(contact: Mapping[str, str], key: bytes) -> dict[str, str]:
    """`phone_key` and `email_key` of a contact's `phone` and `email`; what is missing or no such thing is left out."""
    if not key:
        return {}
    digits, address = digits_of(contact.get("phone", "")), address_of(contact.get("email", ""))
    named = {"phone_key": phone_key(digits, key) if digits else None}
    named["email_key"] = email_key(address, key) if address else None
    return {name: value for name, value in named.items() if value is not None}


def phone_key(digits: str, key: bytes) -> str:
    """The index's key of a number in digits, with its country code."""
    return keyed("phone", digits, key)


def email_key(address: str, key: bytes) -> str:
    """The index's key of an address as `address_of` gives it."""
    return keyed("email", address, key)


def digits_of(text: str) -> str | None:
    """A number's digits, without any plus, space or bracket; None for what is no phone number."""
    digits = _NOT_OF_A_NUMBER.sub("", text).removeprefix("+")
    return digits if digits.isascii() and digits.isdigit() and _is_of_a_length(digits) else None


def address_of(text: str) -> str | None:
    """An e-mail address as it is compared: without case, as people dictate and type it; None for what is none."""
    address = text.strip().casefold()
    return address if address.isprintable() and _EMAIL.fullmatch(address) else None


def numbers_meant(text: str) -> tuple[str, ...]:
    """The numbers a person may mean who types one as at home: 8 029… or 29… in Belarus, 8 9… or 9… in Russia, 00…"""
    digits = digits_of(text)
    if digits is None:
        return ()
    meant = [digits]
    if digits.startswith("00"):
        meant.append(digits[2:])
    if digits.startswith("80") and len(digits) == len("80291234567"):
        meant.append(f"375{digits[2:]}")
    if digits.startswith("8") and len(digits) == len("89161234567"):
        meant.append(f"7{digits[1:]}")
    if len(digits) == len("291234567"):
        meant.append(f"375{digits}")
    if digits.startswith("9") and len(digits) == len("9161234567"):
        meant.append(f"7{digits}")
    return tuple(meant)


def _is_of_a_length(digits: str) -> bool:
    return SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER + len("00")


def keyed(kind: str, value: str, key: bytes) -> str:
    """The kind goes in, so that no phone's key is ever an e-mail's."""
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
