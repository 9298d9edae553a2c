"""One entry of the record of erasures, by which they are run again after a restore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from postcall.domain.clock import write_time

FOLDER = "erasures"
EVENT = "event"  # beside the kinds of a `Party`


@dataclass(frozen=True)
class ErasureRecord:
    """`kind` is `event`, `phone` or `email`; `name` is the event's id, or the keyed hash of a number or an address."""

    kind: str
    name: str
    erased_at: datetime

    @property
    def key(self) -> str:
        """The object's name."""
        return f"{FOLDER}/{self.kind}/{quote(self.name, safe='')}/{write_time(self.erased_at)}"
