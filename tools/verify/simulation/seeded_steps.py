"""Planted bugs in intake and dispatch: each is a line or two of the real source, changed as somebody might."""

from __future__ import annotations

from tools.verify.simulation.faults import Fault
from tools.verify.simulation.promises import Promise
from tools.verify.simulation.seeded_fakes import LeavesUnescalated
from tools.verify.simulation.seeding import Edit, SeededBug

INGEST = "functions.intake.usecases.ingest"
SIGNATURE = "functions.intake.signature"
ENVELOPE = "functions.intake.elevenlabs"
DECISION = "functions.dispatch.decision"
DISPATCH = "functions.dispatch.usecases.dispatch"
DOUBLES = frozenset({Promise.ONE_POSSIBLE_SEND, Promise.NOT_DOUBLED})

AT_THE_DOOR = (
    SeededBug(
        "acknowledge_before_store",
        "intake answers 200 although the store has refused the call",
        frozenset({Promise.ACKNOWLEDGED_IS_STORED}),
        (
            Edit(
                INGEST,
                "    is_new, is_alone = _add(call, events, now)",
                "    try:\n        is_new, is_alone = _add(call, events, now)\n"
                "    except Exception:\n        return Receipt(call.event_id, IngestResult.RECEIVED)\n",
            ),
        ),
    ),
    SeededBug(
        "4xx_to_a_genuine_call",
        "intake wants a member that a real webhook may lack",
        frozenset({Promise.GENUINE_IS_TAKEN}),
        (
            Edit(
                ENVELOPE,
                "    conversation_id = _conversation_id(data)",
                '    conversation_id = _conversation_id(data)\n    if "status" not in data:\n'
                '        raise Rejected("data.status is missing.")',
            ),
        ),
    ),
    SeededBug(
        "signature_too_old_at_once",
        "a signature's time is compared without its tolerance",
        frozenset({Promise.GENUINE_IS_TAKEN}),
        (Edit(SIGNATURE, "if int(timestamp) < now - tolerance_seconds:", "if int(timestamp) <= now:"),),
    ),
    SeededBug(
        "any_signature_will_do",
        "intake compares the signature with itself",
        frozenset({Promise.FORGED_IS_REFUSED}),
        (
            Edit(
                SIGNATURE,
                "hmac.compare_digest(expected, signature.encode",
                "hmac.compare_digest(signature.encode(), signature.encode",
            ),
        ),
    ),
    SeededBug(
        "refused_is_thrown_away",
        "a refused webhook is not kept",
        frozenset({Promise.REFUSED_IS_PUT_ASIDE}),
        (
            Edit(
                "functions.intake.usecases.quarantine",
                "    is_new = quarantine.keep(entry, body)",
                "    is_new = True",
            ),
        ),
    ),
    SeededBug(
        "a_failed_set_up_becomes_a_lead",
        "a call that was not set up is not excluded",
        frozenset({Promise.EXCLUDED_IS_NOT_SENT}),
        (Edit(ENVELOPE, "excluded_because=_failure(data) if failed else None", "excluded_because=None"),),
    ),
)

IN_THE_DECISION = (
    SeededBug(
        "consumer_ignores_the_state",
        "a second message sends a delivered event again",
        DOUBLES,
        (
            Edit(
                DECISION,
                'return Decision(Step.NOTHING, said("dispatch.status_is", status=said(f"standing.{event.status}")))',
                'return Decision(Step.SEND, "")',
            ),
        ),
    ),
    SeededBug(
        "resend_of_an_unknown_outcome",
        "an unknown outcome is sent again although the CRM guarantees nothing",
        frozenset({Promise.ONE_POSSIBLE_SEND}),
        (
            Edit(
                DECISION,
                "    if event.status is Status.UNKNOWN and repeats_are_safe:",
                "    if event.status is Status.UNKNOWN:",
            ),
        ),
    ),
    SeededBug(
        "dead_worker_is_resent",
        "a lease that is over means: send again",
        frozenset({Promise.ONE_POSSIBLE_SEND}),
        (Edit(DECISION, "    if not repeats_are_safe:\n        return Decision(Step.HOLD, HELD)\n", ""),),
    ),
    SeededBug(
        "lease_never_expires",
        "an event whose worker died waits for that worker for ever",
        frozenset({Promise.WAY_OUT, Promise.NOT_LOST, Promise.COMES_TO_REST, Promise.NOT_STUCK}),
        (Edit(DECISION, "    if not event.lease_is_over(now):", "    if True:"),),
        one_crash=True,  # a drawn schedule may look at it every second for months
    ),
    SeededBug(
        "order_served_twice",
        "an order that is closed is served again",
        DOUBLES | {Promise.ORDER_ONCE},
        (
            Edit(
                DECISION,
                "order is not None and order.is_open and order.order_id",
                "order is not None and order.order_id",
            ),
        ),
    ),
    SeededBug(
        "resend_without_asking",
        "an operator's resend of a delivered event needs no force",
        DOUBLES,
        (
            Edit(
                DECISION,
                "    if order.forced or event.status in sendable",
                "    if order.order_id or event.status in sendable",
            ),
            Edit(
                "functions.operations.usecases.resend",
                "event_allowing(Command.FORCE if force else Command.RESEND,",
                "event_allowing(Command.FORCE,",
            ),
        ),
    ),
)

IN_DISPATCH = (
    SeededBug(
        "send_before_claim",
        "the request leaves before the event is claimed",
        frozenset({Promise.ON_THE_RECORD}),
        (
            Edit(
                DISPATCH,
                "        claimed = dispatches.claim(event, attempt, lease_until=attempt.started_at + mode.lease)",
                "        verdict = crm.send(attempt.payload)\n"
                "        claimed = dispatches.claim(event, attempt, lease_until=attempt.started_at + mode.lease)",
            ),
        ),
    ),
    SeededBug(
        "client_repeats_by_itself",
        "a request whose outcome is unknown is sent again at once, within the same attempt",
        frozenset({Promise.NOT_DOUBLED, Promise.RECORDED_TRULY}),
        (
            Edit(
                DISPATCH,
                "    verdict = crm.send(attempt.payload)",
                "    verdict = crm.send(attempt.payload)\n    if verdict.outcome is Outcome.UNKNOWN:\n"
                "        verdict = crm.send(attempt.payload)",
            ),
        ),
    ),
    SeededBug(
        "refused_keeps_its_order",
        "what the CRM refuses is tried again under the same order, as if the CRM had been away",
        frozenset({Promise.ORDER_ONCE}),
        (
            Edit(
                DISPATCH,
                "    retry = verdict.outcome is Outcome.UNAVAILABLE or",
                "    retry = verdict.outcome in {Outcome.UNAVAILABLE, Outcome.REJECTED_CONFIGURATION} or",
            ),
        ),
        chosen={"script": (Fault.CRM_LANDING_OFF,) * 4, "acts": ((30, Fault.OPERATOR_RESENDS),)},
    ),
    SeededBug(
        "claim_is_not_heeded",
        "a worker that lost the claim sends all the same",
        DOUBLES | {Promise.ON_THE_RECORD, Promise.RECORDED_TRULY},
        (
            Edit(
                DISPATCH,
                '        raise Unavailable(said("dispatch.taken_by_other"), retry_after=1)',
                "        pass",
            ),
        ),
    ),
    SeededBug(
        "refused_forgets_the_unknown",
        "a forced resend that is refused says that nothing was created",
        DOUBLES | {Promise.ALONG_THE_EDGES, Promise.SAME_TERMS},
        (
            Edit(
                DISPATCH,
                "    may_be_there = event.status in {Status.UNKNOWN, Status.SENDING}",
                "    may_be_there = False",
            ),
        ),
    ),
    SeededBug(
        "forced_is_not_noted",
        "the record does not say that an attempt was forced",
        DOUBLES,
        (Edit(DISPATCH, "forced=order.forced if order else False", "forced=False"),),
    ),
    SeededBug(
        "partial_is_sent_again",
        "a lead that was saved without a value is sent again",
        DOUBLES,
        (
            Edit(
                DISPATCH,
                "    retry = verdict.outcome is Outcome.UNAVAILABLE or",
                "    retry = verdict.outcome in {Outcome.UNAVAILABLE, Outcome.PARTIAL} or",
            ),
            Edit(
                DECISION,
                "    if event.status in {Status.UNKNOWN, Status.PARTIAL}:",
                '    if event.status is Status.PARTIAL:\n        return Decision(Step.SEND, "")\n'
                "    if event.status is Status.UNKNOWN:",
            ),
        ),
    ),
    SeededBug(
        "nobody_is_told",
        "what waits for a person is neither put aside, nor counted, nor left for the sweep to tell",
        frozenset({Promise.PERSON_IS_TOLD}),
        (
            Edit(
                "tools.verify.simulation.handling",
                "    alarm = WORTH_AN_ALARM.get(verdict.outcome)",
                "    alarm = None",
            ),
            Edit(DISPATCH, "        dead_letter=verdict.detail if waits else None,", "        dead_letter=None,"),
        ),
        chosen={"store": LeavesUnescalated},
    ),
)
