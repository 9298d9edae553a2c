"""What a quote proves: it was said, is long enough, holds what it proves, and one quote proves two things at most.

Without it a complaint quoted with one word five times would be a hot lead. The expressions are in `words/proof.toml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from functions.analysis.contacts.number_words import fold
from functions.analysis.evidence import checked, plain_words
from functions.analysis.model.output import Quote
from functions.analysis.model.schema import QUOTED_SIGNALS
from functions.analysis.words import pattern
from postcall.domain.analysis import Evidence
from postcall.domain.call import Speaker, Turn

FEWEST_WORDS = 3
MOST_SIGNALS = 2


def proven(quotes: Sequence[tuple[Quote, Evidence]], turns: Sequence[Turn]) -> frozenset[str]:
    """The signals that the quotes prove. A quote that takes a contact away counts once it was said, however short."""
    found: set[str] = set()
    used: Counter[str] = Counter()
    for quote, evidence in quotes:
        if not evidence.verified:
            continue
        if quote.signal not in QUOTED_SIGNALS:
            found.add(quote.signal)
            continue
        words = plain_words(quote.text)
        if len(words.split()) < FEWEST_WORDS or used[words] >= MOST_SIGNALS or not _holds(quote, evidence, turns):
            continue
        used[words] += 1
        found.add(quote.signal)
    return frozenset(found)


def with_evidence(quotes: Sequence[Quote], turns: Sequence[Turn]) -> list[tuple[Quote, Evidence]]:
    """Each quote with where it was found."""
    return [(quote, checked(quote.text, quote.turn, turns)) for quote in quotes]


def _holds(quote: Quote, evidence: Evidence, turns: Sequence[Turn]) -> bool:
    """Whether the quote holds what it is to prove; an agreement counts after an offer, a step asked for by itself."""
    text = fold(quote.text)
    if quote.signal != "next_step_agreed":
        return pattern("proof", quote.signal).search(text) is not None
    before = next((turn.text for turn in reversed(turns[: evidence.turn]) if turn.speaker is Speaker.AGENT), "")
    if pattern("proof", "asks_for_step").search(text) is not None:
        return True
    was_offered = pattern("proof", "offers").search(fold(before)) is not None
    return was_offered and pattern("proof", "agrees", "proposes").search(text) is not None
