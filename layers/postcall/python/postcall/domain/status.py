"""Where an event stands: one word, and the edges along which it may change.

    received ─▶ analyzed ─▶ sending ─▶ delivered
        │           ├─▶ dry_run          ├─▶ retrying ─▶ sending
        ▼           └─▶ disabled         ├─▶ rejected ─▶ sending
    excluded                             ├─▶ partial
                                         └─▶ unknown ─▶ delivered | rejected (a person resolves it) | sending

A person may close a call that surely has no lead: from `received`, `analyzed`, `retrying`, `rejected`, `dry_run` or
`disabled` it becomes `excluded`; continued after all, it is `received` or `analyzed` again. Back from any other
resting place to `sending` leads only a resend order, or (from
`rejected`, where certainly nothing was created) a redrive from the dead letters. An event whose personal data was
erased is `excluded` from then on, unless it was `delivered`: nothing of it can be sent any more.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The event's status on `webhook_events`, changed only by conditional writes."""

    RECEIVED = "received"
    ANALYZED = "analyzed"
    SENDING = "sending"
    DELIVERED = "delivered"
    DRY_RUN = "dry_run"  # recorded, nothing was sent
    DISABLED = "disabled"  # the CRM is switched off in the settings, nothing was sent
    RETRYING = "retrying"  # the CRM is unavailable, the queue will try again
    REJECTED = "rejected"  # trying again cannot help and nothing was created: a person looks
    PARTIAL = "partial"  # the lead is there, but without some of its values: a person looks
    UNKNOWN = "unknown"  # the CRM may or may not have the lead: a person or a read decides
    EXCLUDED = "excluded"  # not a lead


# Nothing was created for certain. `rejected` straight from here: our own rules refuse the lead before it is sent.
_NOT_SENT_YET = frozenset({Status.SENDING, Status.DRY_RUN, Status.DISABLED, Status.REJECTED})
EDGES: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.ANALYZED, Status.EXCLUDED}),
    Status.ANALYZED: _NOT_SENT_YET | {Status.EXCLUDED},
    Status.SENDING: frozenset(
        {
            Status.SENDING,  # the lease ran out and the CRM guarantees that a repeat makes no second lead
            Status.DELIVERED,
            Status.RETRYING,
            Status.REJECTED,
            Status.PARTIAL,
            Status.UNKNOWN,
        },
    ),
    Status.RETRYING: _NOT_SENT_YET | {Status.EXCLUDED},
    Status.REJECTED: _NOT_SENT_YET | {Status.DELIVERED, Status.EXCLUDED},
    Status.DRY_RUN: _NOT_SENT_YET | {Status.EXCLUDED},
    Status.DISABLED: _NOT_SENT_YET | {Status.EXCLUDED},
    # A person resolves it, or the worker that was taken for dead comes with its answer after all.
    Status.UNKNOWN: frozenset({Status.SENDING, Status.DELIVERED, Status.REJECTED, Status.RETRYING, Status.PARTIAL}),
    Status.PARTIAL: frozenset({Status.SENDING, Status.DELIVERED}),
    Status.DELIVERED: frozenset({Status.SENDING}),
    Status.EXCLUDED: frozenset({Status.RECEIVED, Status.ANALYZED}),  # only what a person closed and now continues
}

UNDER_WAY = frozenset({Status.RECEIVED, Status.ANALYZED, Status.SENDING, Status.RETRYING})
# On the way without a halt: an index says nothing of it, since each of its writes would cost as much as the item's.
PASSING = UNDER_WAY - {Status.RETRYING}
SURELY_NO_LEAD = frozenset(
    {Status.RECEIVED, Status.ANALYZED, Status.RETRYING, Status.REJECTED, Status.DRY_RUN, Status.DISABLED}
)
SUPERSEDED = "event.superseded"  # the words for the status of a call that has stepped back
NEEDS_ATTENTION = frozenset({Status.REJECTED, Status.PARTIAL, Status.UNKNOWN})


def may_be_resolved(status: Status, *, delivered: bool) -> bool:
    """Whether a person may settle an event by what they saw in the CRM, or did there by hand.

    That a lead is there closes whatever waits for a person; that it is not there settles only what was unknown.
    """
    return status in NEEDS_ATTENTION if delivered else status is Status.UNKNOWN
