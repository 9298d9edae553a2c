"""Schedules at the door: between a webhook's arrival and its event on the analysis queue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from postcall.domain.status import Status
from tools.verify.chaos.rules import BROKEN, NEW, READ_SECRET, SEND, TRANSACTION, answer_lost, lost, refused
from tools.verify.chaos.schedule import Act, schedule
from tools.verify.chaos.stage import ACKNOWLEDGED, Stage
from tools.verify.chaos.waiting import expect

ANALYSIS_QUEUE = "postcall-local-analysis"
HELD_SECONDS = 4  # longer than the AWS client waits for an answer: it asks once more


@schedule(Act.COLD)
def the_secret_is_away_at_a_cold_start(stage: Stage) -> None:
    """Secrets Manager fails while intake starts: 503, for nothing can be verified; the vendor's retry is taken in."""
    event = stage.event()
    with stage.fault("reads of the secret refused", refused(READ_SECRET, "elevenlabs-webhook", error=BROKEN)):
        statuses = stage.deliver(event)
    results = len(statuses) > 1 and set(statuses[:-1]) == {503} and statuses[-1] == ACKNOWLEDGED
    expect(results, f"503 until the secret is read, then 200, not {statuses}")
    stage.rests()


@schedule(Act.FAULTS)
def sending_fails_and_the_vendor_tries_again(stage: Stage) -> None:
    """The event is stored, the queue takes no message, the vendor is told 503; its second try brings the call on."""
    event = stage.event()
    with stage.fault("sends to the queue refused", refused(SEND, event, ANALYSIS_QUEUE)):
        statuses = stage.deliver(event)
    expect(statuses == [503, 200], f"503, then 200, not {statuses}")
    stage.rests()


@schedule(Act.FAULTS)
def sending_fails_and_only_the_sweep_is_left(stage: Stage) -> None:
    """The event is stored, the queue takes no message, the vendor's retries are off; the sweep brings the call on."""
    event = stage.event()
    with stage.fault("sends to the queue refused", refused(SEND, event, ANALYSIS_QUEUE)):
        statuses = stage.deliver(event, retries=False)
    expect(statuses == [503], f"503, not {statuses}")
    stage.rests(sweeping=True)


@schedule(Act.FAULTS)
def the_answer_to_the_put_is_lost(stage: Stage) -> None:
    """The event is stored and every answer of the table is lost: 503; the vendor's retry meets its own event."""
    event = stage.event()
    with stage.fault("answers to the put lost", answer_lost(TRANSACTION, event, NEW)):
        statuses = stage.deliver(event)
    expect(statuses == [503, 200], f"503, then 200, not {statuses}")
    stage.rests()


@schedule(Act.FAULTS)
def the_client_repeats_a_put_whose_answer_was_lost(stage: Stage) -> None:
    """One answer of the table is lost, the AWS client repeats the put and meets its own event: it is a duplicate."""
    event = stage.event()
    with stage.fault("answers to the put lost", answer_lost(TRANSACTION, event, NEW, times=1)):
        statuses = stage.deliver(event, retries=False)
    expect(statuses == [200], f"200, not {statuses}")
    stage.rests()


@schedule(Act.SECRET)
def the_secret_is_stored_in_quotes(stage: Stage) -> None:
    """The webhook's secret is stored with its quotes: 503 and kept; once it is right, an operator releases the call."""
    event, stack = stage.event(), stage.stack
    with stack.webhook_secret('"{}"'):
        statuses = stage.deliver(event, retries=False)
    stage.injected["secrets in quotes"] += 1
    expect(statuses == [503], f"503, for the fault is ours, not {statuses}")
    (entry,) = stack.call_api("GET", "/api/quarantine").json()["entries"]
    released = stack.call_api("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    expect(released.is_success, f"the kept call is released, not {released.status_code}")
    stage.rests()


@schedule(Act.KILLS)
def intake_is_killed_between_put_and_send(stage: Stage) -> None:
    """The event is stored and intake dies before its message leaves; nobody answers, the vendor tries again."""
    event = stage.event()
    rule = lost(SEND, event, ANALYSIS_QUEUE, seconds=HELD_SECONDS)
    with stage.fault("sends to the queue lost", rule), ThreadPoolExecutor(1) as pool:
        vendor = pool.submit(stage.deliver, event)
        stage.stands(event, Status.RECEIVED)
        stage.kill("intake")
        statuses = vendor.result()
    expect(statuses[0] != ACKNOWLEDGED, f"no 200 for the first try, not {statuses}")
    expect(statuses[-1] == ACKNOWLEDGED, f"a 200 in the end, not {statuses}")
    stage.rests()
