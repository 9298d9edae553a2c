"""Look every night at what was erased: a restored table, or a fault of ours, may have brought something back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from postcall.domain.erasure_record import EVENT, ErasureRecord
from postcall.domain.parties import Role

REFUSED = ("quarantine",)


class Found(Protocol):
    """What a keyed hash leads to."""

    @property
    def id(self) -> str:
        """An event's id, or a refused webhook's."""

    @property
    def role(self) -> Role:
        """How the person stands to it."""


@dataclass
class ErasureFindings:
    """What was looked at, and what was found by id, with its kinds. `complete` is false when the time was over."""

    records: int = 0
    found: dict[str, tuple[str, ...]] = field(default_factory=dict)
    complete: bool = True


def check_erasures(
    records: Iterable[ErasureRecord],
    *,
    remains: Callable[[str], tuple[str, ...]],
    find: Callable[[str, str, datetime], Iterable[Found]],
    has_time: Callable[[], bool],
) -> ErasureFindings:
    """Go through the record of erasures. `remains` tells what is left of an event, `find` what is left of a person.

    Raises:
        Unavailable: The record of erasures, or what it names, cannot be read now.
    """
    done = ErasureFindings()
    for record in records:
        if not has_time():
            done.complete = False
            break
        done.records += 1
        if record.kind == EVENT:
            left = {record.name: remains(record.name)}
        else:
            left = _of_person(find(record.kind, record.name, record.erased_at), remains)
        done.found |= {id_: kinds for id_, kinds in left.items() if kinds}
    return done


def _of_person(found: Iterable[Found], remains: Callable[[str], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Of calls in which a person was only mentioned nobody knows whether they were to go."""
    return {
        each.id: REFUSED if each.role is Role.REFUSED else remains(each.id)
        for each in found
        if each.role is not Role.MENTIONED
    }
