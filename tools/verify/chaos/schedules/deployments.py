"""Schedules in which somebody deploys other settings between two attempts."""

from __future__ import annotations

from postcall.domain.status import Status
from tools.verify.chaos.schedule import Act, schedule
from tools.verify.chaos.settings import ActSettings
from tools.verify.chaos.stage import Stage
from tools.verify.chaos.waiting import expect, wait_until

ACCEPTED = 202


@schedule(Act.TERMS)
def a_guarantee_of_today_says_nothing_of_yesterday(stage: Stage) -> None:
    """Saved under no guarantee, unheard; then a guarantee is deployed and the dead letter redriven: held, one lead."""
    event = stage.event(Status.UNKNOWN)
    stage.deliver_badly(event, "close_after_commit")
    stage.rests()
    stage.met_in_the_crm("connections closed", event)
    _is_dead_lettered(stage, event)
    stage.stack.configure(ActSettings(repeats_conflict=True))
    stage.stack.crm.repeats_conflict(conflict=False)  # what lies there from before, the CRM does not know by that key
    stage.injected["settings changed"] += 1
    stage.stack.redrive("dispatch")
    wait_until(lambda: stage.stack.logged("dispatch", event, "dispatch.skipped"), what="the dead letter is judged")
    _is_dead_lettered(stage, event)
    expect(len(stage.stack.crm.leads(event)) == 1, "one lead")
    stage.rests()


@schedule(Act.DRY)
def what_was_refused_after_a_dry_run_is_redriven(stage: Stage) -> None:
    """A dry run, then live, resent and refused; the cause is mended, and the dead letter of the served order sends."""
    event = stage.event(Status.DRY_RUN)
    stage.deliver_badly(event, "http_403", once=True)
    stage.rests()
    stage.stack.configure(ActSettings())
    stage.injected["settings changed"] += 1
    answer = stage.stack.call_api("POST", f"/api/events/{event}/resend-crm")
    expect(answer.status_code == ACCEPTED, f"202 for the operator, not {answer.status_code}")
    stage.stands(event, Status.REJECTED)
    stage.met_in_the_crm("refusals", event)
    _is_dead_lettered(stage, event)
    stage.events[event] = frozenset({Status.DELIVERED})
    stage.stack.redrive("dispatch")
    stage.rests()


def _is_dead_lettered(stage: Stage, event: str) -> None:
    wait_until(lambda: event in stage.stack.queues.dead_letters(), what=f"{event} is dead-lettered", poll=0.5)
