"""A probe: something a function does that works with its role whole, and does not without one of its permissions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.e2e.iam.sandbox import IamHarness


@dataclass(frozen=True)
class Probe:
    """`needs` are the permissions it shows, each as `action place`. `cold`: only a fresh start shows it."""

    answer_text: str
    works: Callable[[IamHarness], bool]
    needs: tuple[str, ...]
    cold: bool = False
