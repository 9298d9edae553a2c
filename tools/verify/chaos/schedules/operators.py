"""Schedules of what an operator orders while the store loses its answers."""

from __future__ import annotations

from tools.verify.chaos.rules import UPDATE, answer_lost
from tools.verify.chaos.schedule import Act, schedule
from tools.verify.chaos.stage import Stage
from tools.verify.chaos.waiting import expect, wait_until

ACCEPTED, CONFLICT = 202, 409
REASON = {"reason": "The manager has deleted the lead."}


@schedule(Act.GUARDED)
def the_answer_to_an_order_is_lost(stage: Stage) -> None:
    """A forced resend is written, its answer lost; the AWS client repeats it and meets its own order: it is taken."""
    event = stage.event()
    stage.deliver(event)
    stage.rests()
    with stage.fault("answers to the order lost", answer_lost(UPDATE, event, "resend_order", times=1)):
        answer = stage.stack.call_api("POST", f"/api/events/{event}/resend-crm?force=true", json=REASON)
    expect(answer.status_code == ACCEPTED, f"202 for the operator, not {answer.status_code}")
    wait_until(lambda: len(stage.record(event)["dispatches"]) > 1, what=f"{event} is sent again", poll=0.5)
    stage.rests()


@schedule(Act.GUARDED)
def what_rests_cannot_be_continued_and_says_so(stage: Stage) -> None:
    """A lead has arrived; to continue, to withdraw or to close it is refused, and nothing is offered that fails."""
    event = stage.event()
    stage.deliver(event)
    stage.rests()
    for order in ("continue", "withdraw", "close"):
        answer = stage.stack.call_api("POST", f"/api/events/{event}/{order}", json=REASON)
        expect(answer.status_code == CONFLICT, f"409 for {order}, not {answer.status_code}")
        offers, possible = answer.json()["offers"], stage.record(event)["event"]["possible"]
        expect(set(offers) <= set(possible), f"{order} offers {offers}, and possible is {possible}")
    stage.injected["orders refused"] += 3
