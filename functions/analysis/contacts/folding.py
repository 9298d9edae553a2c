"""Folded text: as the word tables know it, one character for one, so that places in it are places in the text."""

from __future__ import annotations


def folded(text: str) -> str:
    """Lower case, ё as е."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)
    return lower.replace("ё", "е")
