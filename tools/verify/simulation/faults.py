"""Every kind of fault that a schedule may hold, in one table."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Fault(StrEnum):
    """A kind of fault, with what it means. Those of `LASTING` come for a while, the others strike once at a time."""

    meaning: str

    def __new__(cls, name: str, meaning: str = "") -> Self:
        """Keep the meaning beside the name."""
        fault = str.__new__(cls, name)
        fault._value_ = name
        fault.meaning = meaning
        return fault

    # workers
    CRASH_BEFORE_CALL = "crash_before_call", "a worker dies just before an external call"
    CRASH_AFTER_CALL = "crash_after_call", "a worker dies just after an external call had its effect"
    WORKER_FROZEN = "worker_frozen", "a worker stands still until its function's time is up"
    CLOCK_AHEAD = "clock_ahead", "a worker's clock is up to ten minutes ahead"
    POISON_CALL = "poison_call", "a call keeps every worker until its time is up, again and again"
    STEP_BROKEN = "step_broken", "every invocation of one step fails for a while, as after a bad deployment"
    # tables
    READ_FAILED = "read_failed", "a read of the store fails"
    WRITE_REFUSED = "write_refused", "a write is refused (throttled)"
    WRITE_ANSWER_LOST = "write_answer_lost", "a write is done and its answer is lost"
    WRITE_REPEATED = "write_repeated", "the AWS client repeats a write whose answer was lost, and its condition fails"
    RECORD_REFUSED = "record_refused", "the store refuses a record for good, such as one that is too large"
    TRANSACTION_CONFLICT = "transaction_conflict", "a write meets a transaction on the same item and is cancelled"
    STORE_OUTAGE = "store_outage", "the store answers nobody for minutes"
    STALE_INDEX = "stale_index", "the index shows events as they stood some minutes ago"
    # queues
    MESSAGE_DUPLICATED = "message_duplicated", "a message is delivered to two workers at once"
    MESSAGE_REORDERED = "message_reordered", "a newer message is delivered first"
    MESSAGE_DELAYED = "message_delayed", "a message stays invisible for up to hours"
    MESSAGE_EXPIRED = "message_expired", "a message is over its retention before anybody takes it"
    QUEUE_PURGED = "queue_purged", "somebody purges a queue"
    DELETE_LOST = "delete_lost", "the deletion of a served message is lost"
    SEND_REFUSED = "send_refused", "a queue does not take a message"
    SEND_ANSWER_LOST = "send_answer_lost", "a queue takes a message and the answer is lost"
    VISIBILITY_UNCHANGED = "visibility_unchanged", "a postponed message comes back at the queue's own time instead"
    # the model
    MODEL_OUTAGE = "model_outage", "the language model is away for hours"
    MODEL_SLOW = "model_slow", "the language model takes longer than the function has"
    # the door
    WEBHOOK_DROPPED = "webhook_dropped", "ElevenLabs never delivers a webhook"
    WEBHOOK_LATE = "webhook_late", "a webhook comes hours late"
    WEBHOOK_REPEATED = "webhook_repeated", "a webhook that was acknowledged is delivered again"
    WEBHOOK_REVISED = "webhook_revised", "the same call is delivered with another body"
    WEBHOOK_ANSWER_LOST = "webhook_answer_lost", "our 200 is lost on its way to ElevenLabs"
    DOOR_CLOSED = "door_closed", "the API answers 503 or 429 to everybody for a while"
    WRONG_SECRET = "wrong_secret", "the webhook's secret is wrong for up to a day"
    FORGED_WEBHOOK = "forged_webhook", "somebody sends a body with a signature of his own"
    ELEVENLABS_AWAY = "elevenlabs_away", "ElevenLabs' API, which reconciliation asks, is away for hours"
    # the CRM, one request
    CRM_BUSY = "crm_busy", "the CRM answers 429 with Retry-After"
    CRM_PREPROCESS = "crm_preprocess", "the CRM fails before it saves (−1)"
    CRM_WARNING = "crm_warning", "the CRM saves, and a later step of its own fails (−1)"
    CRM_PARTIAL = "crm_partial", "the CRM saves without a value that it cannot read (−1)"
    CRM_CONTRACT = "crm_contract", "the CRM cannot read the request (400)"
    CRM_TOO_LARGE = "crm_too_large", "the CRM takes no body of this size (413)"
    CRM_STRANGE_CREATED = "crm_strange_created", "the CRM saves and answers with a −1, a code or a page nobody knows"
    CRM_STRANGE_NOT = "crm_strange_not", "the CRM saves nothing and answers with a −1, a code or a page nobody knows"
    CRM_ERROR_CREATED = "crm_error_created", "the CRM saves and answers 500, 502 or 504"
    CRM_ERROR_NOT = "crm_error_not", "the CRM saves nothing and answers 500, 502 or 504"
    CRM_ANSWER_LOST = "crm_answer_lost", "the CRM saves and the answer never comes"
    CRM_REQUEST_LOST = "crm_request_lost", "the request is lost on its way, after it left"
    CRM_SAVES_LATE = "crm_saves_late", "the connection breaks and the CRM saves minutes later"
    # the CRM, for a while
    CRM_DOWN = "crm_down", "the CRM answers 503 to everybody for up to ten hours"
    CRM_UNREACHABLE = "crm_unreachable", "nothing listens at the CRM's address for a while"
    CRM_SLOW = "crm_slow", "the CRM needs up to a minute for an answer"
    CRM_FLAPPING = "crm_flapping", "the CRM changes its mind with every request"
    CRM_LANDING_OFF = "crm_landing_off", "the landing is switched off, or the address not trusted, for a while"
    CRM_NOT_UNDERSTOOD = "crm_not_understood", "the CRM answers with its empty result for a while"
    CRM_CERTIFICATE = "crm_certificate", "the CRM's certificate is not trusted for a while"
    # settings
    DRY_RUN = "dry_run", "somebody deploys EXTERNAL_CRM_DRY_RUN=true for a while"
    SWITCHED_OFF = "switched_off", "somebody deploys EXTERNAL_CRM_ENABLED=false for a while"
    CONTACT_REQUIRED = (
        "contact_required",
        "somebody deploys CRM_REQUIRE_CONTACT for a while: leads without a contact are refused",
    )
    DEDUPLICATION_CHANGED = "deduplication_changed", "somebody deploys another CRM_DEDUPLICATION for a while"
    LANDING_CHANGED = "landing_changed", "somebody deploys another CRM_LANDING_ID for a while"
    ADDRESS_CHANGED = "address_changed", "somebody deploys another CRM_SERVICE_URL for a while"
    FIELD_MAP_CHANGED = (
        "field_map_changed",
        "somebody deploys a field map with the event's id in another column for a while",
    )
    # people and the scheduler
    OPERATOR_RESENDS = "operator_resends", "an operator resends an event at a bad moment"
    OPERATOR_FORCES = "operator_forces", "an operator forces a resend at a bad moment"
    OPERATOR_CLICKS_TWICE = "operator_clicks_twice", "an operator's order is sent twice at once"
    OPERATOR_RESOLVES = "operator_resolves", "an operator looks into the CRM and resolves, perhaps too early"
    OPERATOR_REDRIVES = "operator_redrives", "an operator redrives the dead letters"
    OPERATOR_CONTINUES = "operator_continues", "an operator continues an event, whether it stands still or not"
    OPERATOR_WITHDRAWS = "operator_withdraws", "an operator withdraws an order, perhaps while it is served"
    OPERATOR_CLOSES = "operator_closes", "an operator closes a call without a lead at a bad moment"
    SWEEP_LATE = "sweep_late", "the scheduler skips reconciliation for a while"
    SWEEP_TWICE = "sweep_twice", "two sweeps run at once"
    OPERATOR_REANALYZES = "operator_reanalyzes", "an operator orders a further analysis at a bad moment"
    OPERATOR_ERASES = "operator_erases", "an operator erases a call at a bad moment"
    OPERATOR_USES_REVISION = "operator_uses_revision", "an operator lets another content be a call's, at a bad moment"
    # batches of items
    CRASH_WITHIN_BATCH = "crash_within_batch", "a worker dies when some of a batch's items are written"
    BATCH_UNPROCESSED = "batch_unprocessed", "a busy table leaves items of a batch unwritten"
    BATCH_APART = "batch_apart", "a batch reads one of its items moments after another"


_MINUTES, _HOURS = 1, 60
# How long each may last, in minutes.
LASTING: dict[Fault, tuple[int, int]] = {
    Fault.STEP_BROKEN: (10, 4 * _HOURS),
    Fault.STORE_OUTAGE: (1, 30 * _MINUTES),
    Fault.MODEL_OUTAGE: (30, 8 * _HOURS),
    Fault.DOOR_CLOSED: (1, 90 * _MINUTES),
    Fault.ELEVENLABS_AWAY: (30, 24 * _HOURS),
    Fault.WRONG_SECRET: (30, 24 * _HOURS),
    Fault.CRM_DOWN: (10, 10 * _HOURS),
    Fault.CRM_UNREACHABLE: (10, 10 * _HOURS),
    Fault.CRM_SLOW: (10, 3 * _HOURS),
    Fault.CRM_FLAPPING: (10, 3 * _HOURS),
    Fault.CRM_LANDING_OFF: (10, 3 * _HOURS),
    Fault.CRM_NOT_UNDERSTOOD: (10, 3 * _HOURS),
    Fault.CRM_CERTIFICATE: (10, 3 * _HOURS),
    Fault.DRY_RUN: (10, 3 * _HOURS),
    Fault.SWITCHED_OFF: (10, 3 * _HOURS),
    Fault.CONTACT_REQUIRED: (10, 3 * _HOURS),
    Fault.DEDUPLICATION_CHANGED: (10, 3 * _HOURS),
    Fault.LANDING_CHANGED: (10, 3 * _HOURS),
    Fault.ADDRESS_CHANGED: (10, 3 * _HOURS),
    Fault.FIELD_MAP_CHANGED: (10, 3 * _HOURS),
    Fault.SWEEP_LATE: (10, 5 * _HOURS),
}
