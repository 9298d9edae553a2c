"""The nightly look at what was erased: each thing that is there again is named, with its kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from functions.reconciliation.usecases.check_erasures import ErasureFindings, check_erasures
from postcall.domain.erasure_record import ErasureRecord
from postcall.domain.parties import Role
from tests.support.fakes.clock import START

EVENT, OTHER = ErasureRecord("event", "e1", START), ErasureRecord("event", "e2", START)
PERSON = ErasureRecord("email", "hash", START)
REMAINS = {"e1": ("bodies",), "own": ("event", "analyses"), "theirs": ("event",)}


@dataclass(frozen=True)
class Lead:
    """What a keyed hash leads to."""

    id: str
    role: Role


FOUND = [Lead("own", Role.OWN), Lead("clean", Role.OWN), Lead("theirs", Role.MENTIONED), Lead("q1", Role.REFUSED)]


def look(*records: ErasureRecord, has_time: Callable[[], bool] = lambda: True) -> ErasureFindings:
    def find(kind: str, name: str, until: datetime) -> Iterable[Lead]:
        return FOUND if (kind, name, until) == ("email", "hash", START) else []

    return check_erasures(records, remains=lambda id_: REMAINS.get(id_, ()), find=find, has_time=has_time)


def test_what_is_left_of_an_event_is_named_and_a_clean_one_is_counted() -> None:
    assert look(EVENT, OTHER) == ErasureFindings(records=2, found={"e1": ("bodies",)})


def test_of_a_person_their_own_calls_and_refused_webhooks_are_named() -> None:
    assert look(PERSON, EVENT) == ErasureFindings(
        records=2, found={"own": ("event", "analyses"), "q1": ("quarantine",), "e1": ("bodies",)}
    )


def test_when_the_time_is_over_the_rest_is_left_and_said_to_be() -> None:
    times = iter((True, False))
    assert look(OTHER, EVENT, has_time=lambda: next(times)) == ErasureFindings(records=1, complete=False)
