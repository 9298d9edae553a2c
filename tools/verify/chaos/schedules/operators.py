"""Schedules of what an operator orders, and of what stands still until somebody does."""

from __future__ import annotations

from tools.verify.chaos.rules import SEND, SWEEP, UPDATE, answer_lost, refused
from tools.verify.chaos.schedule import Act, schedule
from tools.verify.chaos.stage import Stage
from tools.verify.chaos.waiting import expect, wait_until

ACCEPTED, CONFLICT = 202, 409
ANALYSIS_QUEUE = "postcall-local-analysis"
ALWAYS = 100  # strikes: more than there are occasions
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


@schedule(Act.STALLED)
def a_stalled_call_is_continued(stage: Stage) -> None:
    """No queue takes the call's message until the sweep gives up: a resend is refused with what helps, and it does."""
    event = stage.event()
    with stage.fault("sends to the queue refused", refused(SEND, event, ANALYSIS_QUEUE, times=ALWAYS)):
        stage.deliver(event, retries=False)
        wait_until(lambda: _is_abandoned(stage, event), what=f"the sweep gives {event} up", poll=2)
    refusal = stage.stack.call_api("POST", f"/api/events/{event}/resend-crm")
    expect(refusal.status_code == CONFLICT, f"409 for a call that was never analysed, not {refusal.status_code}")
    expect("continue" in refusal.json()["offers"], f"to continue is offered, not {refusal.json()['offers']}")
    answer = stage.stack.call_api("POST", f"/api/events/{event}/continue")
    expect(answer.status_code == ACCEPTED, f"202 for the operator, not {answer.status_code}")
    stage.rests()


@schedule(Act.STALLED)
def the_answer_to_the_sweeps_note_is_lost(stage: Stage) -> None:
    """The sweep notes a call, loses the answer, meets its own note and sends the call on: the next would give it up."""
    event = stage.event()
    with stage.fault("sends to the queue refused", refused(SEND, event, ANALYSIS_QUEUE)):
        stage.deliver(event, retries=False)
    with stage.fault("answers to the note lost", answer_lost(UPDATE, event, SWEEP, times=1)):
        stage.rests(sweeping=True)


def _is_abandoned(stage: Stage, event: str) -> bool:
    stage.stack.sweep()
    return bool(stage.record(event)["event"]["stalled"])
