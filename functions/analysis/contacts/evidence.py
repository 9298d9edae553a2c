"""What is known of a phone or an e-mail that came up in a call: whose it is, in which state, from which turn.

docs/analysis.md ("Contacts") has the table of what is chosen from this; `choice.py` reads like it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Owner(StrEnum):
    """Whose a number or an address is, by the words around it and the question before it."""

    CALLER = "caller"  # asked for, or given as one's own
    NEUTRAL = "neutral"  # said, with nothing around it that tells
    UNKNOWN = "unknown"  # said with words that nobody understood
    OTHER = "other"  # another person's, the company's, an old one, one not to be used


class State(StrEnum):
    """What became of it in the call."""

    SAID = "said"
    CONFIRMED = "confirmed"  # read back by the agent, confirmed by the caller
    CORRECTED = "corrected"  # put together from what was said and its correction
    TAKEN_BACK = "taken back"  # denied, or replaced by another


class Preference(IntEnum):
    """Of several of one's own, which one the caller wants to be reached at."""

    SPARE = 0
    PLAIN = 1
    MAIN = 2
    PREFERRED = 3


@dataclass(frozen=True)
class Candidate:
    """A phone or an e-mail that a model may refer to. `turn` is the caller's turn of its last mention."""

    ref: str
    value: str
    turn: int
    owner: Owner = Owner.NEUTRAL
    state: State = State.SAID
    preference: Preference = Preference.PLAIN
    doubtful: bool = False  # read in a way that may be wrong: a lost zero, one of two that are nearly alike

    @property
    def verified(self) -> bool:
        """Whether it was read back and confirmed."""
        return self.state is State.CONFIRMED

    @property
    def retracted(self) -> bool:
        """Whether the caller took it back."""
        return self.state is State.TAKEN_BACK

    @property
    def stands(self) -> bool:
        """Whether it may be the caller's contact at all."""
        return not self.retracted and self.owner in {Owner.CALLER, Owner.NEUTRAL}
