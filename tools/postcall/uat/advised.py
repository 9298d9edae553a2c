"""A piece of advice: a setting, the value that the findings imply, why, and how far that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tools.postcall.pages import outside


class Sureness(StrEnum):
    """How far a piece of advice is shown by the test."""

    SHOWN = "shown"
    LIKELY = "likely"  # the answers speak for it, and nobody has looked into the CRM
    ASK = "ask"  # the CRM's owner has to do or to say something


@dataclass(frozen=True)
class Advice:
    """A setting, the value the findings imply, and why. `changes` is whether it differs from what is in force."""

    setting: str
    value: str
    why: str
    sureness: Sureness
    changes: bool

    @property
    def name(self) -> str:
        """The setting as a report prints it: a variable as code."""
        return f"`{self.setting}`" if self.setting.isupper() else self.setting

    @property
    def shown_value(self) -> str:
        """The value as a report prints it."""
        return f"`{outside(self.value)}`" if self.setting.isupper() and "`" not in self.value else self.value
