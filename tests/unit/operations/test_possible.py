"""What a person may do in every state: no refusal offers what is refused too, or promises what will not happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from functions.operations.possible import Command, Refusal, possible, refusal
from postcall.domain.event import CallEvent, Closure, ResendOrder
from postcall.domain.said import said
from postcall.domain.status import UNDER_WAY, Status
from tests.support.builders import any_event
from tests.support.fakes.clock import START

NOW = START + timedelta(hours=1)
OPEN = ResendOrder("o1", requested_by="anna", requested_at=START, forced=False)
CLOSED = any_event(
    status=Status.EXCLUDED, closure=Closure("anna", closed_at=START, reason="A test.", status_before="rejected")
)
OPERATING = Path(__file__).parents[3] / "docs" / "operating.md"


def states() -> Iterator[CallEvent]:
    """Every state that an event can be in: its status, whether it stalls, an order, a worker that lives or died."""
    for status, order, stalled in product(Status, (None, OPEN, replace(OPEN, is_open=False)), (False, True)):
        moves = status in UNDER_WAY or (order is not None and order.is_open)
        if stalled and not moves:
            continue
        event = any_event(status=status, order=order, stalled=stalled, pending_since=START if moves else None)
        if status is not Status.SENDING:
            yield event
            continue
        for minutes in (-1, 1):
            yield replace(event, lease_expires_at=NOW + timedelta(minutes=minutes))
    yield CLOSED
    yield replace(CLOSED, superseded_by="conv_signed")


def report(event: CallEvent) -> str:
    order = "with an open order" if event.open_order else ""
    return " ".join(filter(None, (event.status, "stalled" if event.stalled else "", order)))


@pytest.mark.parametrize("event", list(states()), ids=report)
def test_no_refusal_offers_what_would_be_refused(event: CallEvent) -> None:
    allowed = set(possible(event, now=NOW))
    for command in Command:
        found = refusal(command, event, now=NOW)
        assert (found is None) == (command in allowed)
        assert found is None or set(found.offers) <= allowed, f"{command}: {found}"


@pytest.mark.parametrize("event", list(states()), ids=report)
def test_only_what_moves_by_itself_is_said_to_do_so(event: CallEvent) -> None:
    moves = event.status in UNDER_WAY and not event.stalled
    for command in Command:
        found = refusal(command, event, now=NOW)
        promises = found is not None and found.by_itself
        assert not promises or moves or event.status is Status.SENDING, f"{command}: {found}"


@pytest.mark.parametrize("event", list(states()), ids=report)
def test_every_state_that_is_no_rest_has_a_way_out(event: CallEvent) -> None:
    moves_by_itself = event.status is Status.SENDING and not event.lease_is_over(NOW)
    at_rest = event.status in {Status.DELIVERED, Status.EXCLUDED} and event.open_order is None
    assert at_rest or moves_by_itself or possible(event, now=NOW)


def test_nothing_can_be_done_with_an_erased_call() -> None:
    event = any_event(status=Status.EXCLUDED, erased_at=START)
    assert possible(event, now=NOW) == ()
    assert all("erased" in found.reason for command in Command if (found := refusal(command, event, now=NOW)))


ORDERED = any_event(status=Status.REJECTED, order=OPEN)
SETTLE = (Command.RESOLVE_DELIVERED, Command.RESOLVE_NOT_DELIVERED)


@pytest.mark.parametrize(
    ("command", "event", "expected"),
    [
        (
            Command.RESEND,
            any_event(status=Status.RECEIVED),
            Refusal(said("refusal.not_analyzed"), (Command.CONTINUE, Command.CLOSE), by_itself=True),
        ),
        (
            Command.RESEND,
            any_event(status=Status.RECEIVED, stalled=True),
            Refusal(said("refusal.stalled"), (Command.CONTINUE, Command.CLOSE)),
        ),
        (Command.RESEND, CLOSED, Refusal(said("refusal.closed", who="anna"), (Command.CONTINUE,))),
        (
            Command.RESEND,
            ORDERED,
            Refusal(said("refusal.order_open", who="anna"), (Command.CONTINUE, Command.WITHDRAW)),
        ),
        (
            Command.RESEND,
            any_event(status=Status.UNKNOWN),
            Refusal(said("resend.unknown"), (Command.FORCE, *SETTLE)),
        ),
        (
            Command.RESEND,
            any_event(status=Status.PARTIAL),
            Refusal(said("resend.partial"), (Command.FORCE, Command.RESOLVE_DELIVERED)),
        ),
        (
            Command.RESOLVE_NOT_DELIVERED,
            any_event(status=Status.PARTIAL),
            Refusal(said("resolve.only_unknown", status=said("standing.partial"))),
        ),
        (Command.CLOSE, any_event(status=Status.UNKNOWN), Refusal(said("refusal.look_in_crm"), SETTLE)),
        (
            Command.CLOSE,
            any_event(status=Status.PARTIAL),
            Refusal(said("refusal.mend_in_crm"), (Command.RESOLVE_DELIVERED,)),
        ),
        (Command.CLOSE, any_event(status=Status.DELIVERED), Refusal(said("refusal.in_crm"))),
    ],
)
def test_a_refusal_says_why_and_what_may_be_done_instead(command: Command, event: CallEvent, expected: Refusal) -> None:
    assert refusal(command, event, now=NOW) == expected


def row(event: CallEvent) -> dict[Command, bool]:
    return {command: refusal(command, event, now=NOW) is None for command in Command}


def documented() -> dict[str, dict[Command, bool]]:
    """The table of docs/operating.md: a row a state, a column a command."""
    lines = [line for line in OPERATING.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    start = next(number for number, line in enumerate(lines) if line.startswith("| state |"))
    names = [cell.strip(" `") for cell in lines[start].strip("|").split("|")][1:]
    table = {}
    for line in lines[start + 2 :]:
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        if len(cells) != len(names) + 1:
            break
        table[cells[0].replace("`", "")] = {
            Command(name): cell == "yes" for name, cell in zip(names, cells[1:], strict=True)
        }
    return table


def named_states() -> dict[str, CallEvent]:
    """The rows that the page must have."""
    found = {status.value: any_event(status=status) for status in Status if status is not Status.SENDING}
    for status in (Status.RECEIVED, Status.ANALYZED, Status.RETRYING):
        found[f"{status}, stalled"] = any_event(status=status, stalled=True)
    found["excluded, closed by a person"] = CLOSED
    found["sending"] = any_event(status=Status.SENDING, lease_expires_at=NOW + timedelta(minutes=1))
    found["sending, its worker stopped"] = any_event(status=Status.SENDING, lease_expires_at=START)
    for name in list(found):
        if found[name].status not in {Status.RECEIVED, Status.EXCLUDED} and not found[name].stalled:
            found[f"{name}, with an open order"] = replace(found[name], order=OPEN)
    found["erased"] = any_event(status=Status.EXCLUDED, erased_at=START)
    return found


def test_the_page_of_the_operators_has_this_very_table() -> None:
    assert documented() == {name: row(event) for name, event in named_states().items()}
