"""Orders to a machine inside a call: what a caller says to the voice robot or to us to bend the analysis.

A text is cut where such an order begins: what follows is neither shown to a model nor searched for contacts, names or
quotes. The call itself stays a call; it is flagged for a person. The patterns are in `words/orders.toml`.
"""

from __future__ import annotations

from functions.analysis.words import may_hold, pattern

HIDDEN = "[…]"  # stands where text was cut


def order_begins(text: str) -> int | None:
    """Where the first order to a machine begins in a text, or None."""
    folded = _folded(text)
    match = pattern("orders").search(folded) if may_hold("orders", folded) else None
    return None if match is None else match.start()


def without_orders(text: str) -> str:
    """The text up to where an order begins, with a mark for what was cut."""
    begin = order_begins(text)
    return text if begin is None else f"{text[:begin].rstrip()} {HIDDEN}".lstrip()


def _folded(text: str) -> str:
    """One character for one, so that places in the folded text are places in the text."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return lower.replace("ё", "е")
