"""How many examples a property is tried on: all of them in `make test-long`, a tenth in every other run."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

LONG: Final = "long"  # the profile of `make test-long`: --hypothesis-profile=long

TENTH: Final = 10


def are_all_tried() -> bool:
    """Whether this run is the long one."""
    return settings.get_current_profile_name() == LONG


def examples(many: int) -> int:
    """As many of these as this run tries."""
    return many if are_all_tried() else many // TENTH
