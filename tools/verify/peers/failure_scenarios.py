"""Five misfortunes, the same for every system: each is sent events as ElevenLabs sends them, and counted at the CRM."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tools.simulators.elevenlabs.delivery import post, signed
from tools.verify.peers.calls import envelope, event_id, of_scenario
from tools.verify.peers.count import ACKNOWLEDGED, Count, count
from tools.verify.peers.crm import CrmStub
from tools.verify.peers.crm_stub import Behaviour
from tools.verify.peers.install import Say
from tools.verify.peers.sender import Sender
from tools.verify.peers.systems import CRM_TIMEOUT_SECONDS, System

PER_SECOND: Final = 6.0
LATE_SECONDS: Final = CRM_TIMEOUT_SECONDS + 1.5
LATE_TIMES: Final = 2  # then the CRM is well again
DOWN_SECONDS: Final = 10.0  # at the sender's pace, ten minutes
QUIET_SECONDS: Final = 8.0  # a system that cannot tell makes its tries 1 s apart
LONGEST_SECONDS: Final = 300.0
SECONDS_TO_BE_CAUGHT: Final = 15.0
SLOW: Final = Behaviour(lead_seconds=0.5, at_once=4)


@dataclass(frozen=True)
class Faults:
    """What became of each scenario's events, and the answer to a forged webhook."""

    killed: Count
    killed_in_outage: Count
    late: Count
    down: Count
    duplicate: Count
    forged_answer: int
    forged_leads: int


def failure_scenarios(system: System, crm: CrmStub, *, events: int, say: Say) -> Faults:
    """Run them all against a system that has just been started. The kill has `events` events, the others a quarter."""
    few = max(4, events // 4)
    forged = _forged(system)
    senders = {}
    for name, number, report, scenario in (
        (
            "late",
            few,
            f"the CRM answers {LATE_TIMES} times after {LATE_SECONDS:g} s, the patience is {CRM_TIMEOUT_SECONDS} s …",
            _late,
        ),
        ("twice", few, "every event is sent twice …", _twice),
        ("down", few, f"the CRM is down for {DOWN_SECONDS:g} s …", _down),
        ("kill", events, "killed in the middle of the stream …", _kill),
        ("outage", few, "killed while the CRM is down …", _kill_in_outage),
    ):
        say(report)
        killed = scenario in {_kill, _kill_in_outage}
        senders[name] = Sender(system.url, system.secret, first_wait_shortened=not killed)
        scenario(system, crm, senders[name], [event_id(name, index) for index in range(number)])
        _wait_for_silence(crm)
    say("waiting for what is still under way …")
    _wait_until_settled(system, crm, senders.values())
    leads, listed = crm.leads(), system.listed()
    counts = {name: count(sender.book, leads, listed) for name, sender in senders.items()}
    return Faults(
        killed=counts["kill"],
        killed_in_outage=counts["outage"],
        late=counts["late"],
        down=counts["down"],
        duplicate=counts["twice"],
        forged_answer=forged,
        forged_leads=sum(1 for lead in leads if lead.startswith(of_scenario("forged"))),
    )


def _late(_system: System, crm: CrmStub, sender: Sender, events: list[str]) -> None:
    crm.behave(Behaviour(late_times=LATE_TIMES, late_seconds=LATE_SECONDS))
    sender.stream(events, per_second=PER_SECOND).join()


def _twice(_system: System, crm: CrmStub, sender: Sender, events: list[str]) -> None:
    crm.behave(Behaviour())
    sender.stream(events, per_second=PER_SECOND, how="duplicate").join()


def _down(_system: System, crm: CrmStub, sender: Sender, events: list[str]) -> None:
    crm.behave(Behaviour(down=True))
    stream = sender.stream(events, per_second=PER_SECOND)
    time.sleep(DOWN_SECONDS)
    crm.behave(Behaviour())
    stream.join()


def _kill_in_outage(system: System, crm: CrmStub, sender: Sender, events: list[str]) -> None:
    """Killed a moment after the last event was sent, before the CRM is back."""
    crm.behave(Behaviour(down=True))
    begun = time.monotonic()
    stream = sender.stream(events, per_second=PER_SECOND)
    time.sleep(len(events) / PER_SECOND + 0.3)
    system.kill()
    time.sleep(max(0.0, begun + DOWN_SECONDS - time.monotonic()))
    crm.behave(Behaviour())
    stream.join()


def _kill(system: System, crm: CrmStub, sender: Sender, events: list[str]) -> None:
    """Killed when half of the events were sent and the CRM has a lead in the making; the stream goes on."""
    crm.behave(SLOW)
    stream = sender.stream(events, per_second=PER_SECOND)
    time.sleep(len(events) / 2 / PER_SECOND)
    deadline = time.monotonic() + SECONDS_TO_BE_CAUGHT
    while not crm.in_flight() and time.monotonic() < deadline:
        time.sleep(0.01)
    system.kill()
    stream.join()


def _forged(system: System) -> int:
    """The answer to a webhook with a signature of somebody else's."""
    message = signed(envelope(event_id("forged", 0)), secret="somebody-else", at=time.time())  # noqa: S106 — the point
    return post(system.url, message)


def _wait_for_silence(crm: CrmStub) -> None:
    """Until the CRM has heard nothing for a while; who waits longer does so beside the next events."""
    before, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        time.sleep(0.5)
        now = len(crm.leads())
        if now != before or crm.in_flight():
            before, since = now, time.monotonic()


def _wait_until_settled(system: System, crm: CrmStub, senders: Iterable[Sender]) -> None:
    """Until a system that can tell says that it is done; at most some minutes, and what then lacks a lead is lost."""
    acknowledged = [event for sender in senders for event, answers in sender.book.items() if ACKNOWLEDGED in answers]
    deadline = time.monotonic() + LONGEST_SECONDS
    while system.settled(acknowledged) is False and time.monotonic() < deadline:
        time.sleep(1)
    _wait_for_silence(crm)
