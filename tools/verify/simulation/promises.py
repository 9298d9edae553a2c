"""What the system promises: the names under which the auditor reports that one is broken."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Promise(StrEnum):
    """A promise, with its sentence."""

    sentence: str

    def __new__(cls, name: str, sentence: str = "") -> Self:
        """Keep the sentence beside the name."""
        promise = str.__new__(cls, name)
        promise._value_ = name
        promise.sentence = sentence
        return promise

    ACKNOWLEDGED_IS_STORED = "acknowledged_is_stored", "a webhook that got its 200 is stored"
    GENUINE_IS_TAKEN = "genuine_is_taken", "a genuine webhook is never refused while the secret is right"
    FORGED_IS_REFUSED = "forged_is_refused", "a body with a wrong signature is never stored as an event"
    REFUSED_IS_PUT_ASIDE = "refused_is_put_aside", "a refused webhook lies in the quarantine"
    NOT_LOST = (
        "not_lost",
        "once people have done what the runbooks say, every call that we took or can find is a lead or excluded",
    )
    NOT_DOUBLED = "not_doubled", "a call has one lead in the CRM, unless a person forced or excused another"
    ONE_POSSIBLE_SEND = (
        "one_possible_send",
        "no request leaves unforced while an earlier one may have made a lead (mode none)",
    )
    SAME_TERMS = (
        "same_terms",
        "what may be in the CRM is repeated only under the terms under which it was sent",
    )
    EXCLUDED_IS_NOT_SENT = "excluded_is_not_sent", "what is no lead never reaches the CRM"
    ON_THE_RECORD = "on_the_record", "a request leaves only after its attempt, with its exact body, is on the record"
    RECORDED_TRULY = "recorded_truly", "what the record calls delivered is in the CRM, what it calls refused is not"
    ALONG_THE_EDGES = "along_the_edges", "a status moves only along the edges of postcall.domain.status"
    FINDABLE = "findable", "an event that is not at rest stands in the index that the sweep reads"
    NOT_STUCK = "not_stuck", "what stands still has rung an alarm that names it, or lies in the dead letters"
    PERSON_IS_TOLD = (
        "person_is_told",
        "what waits for a person has rung an alarm that names it, or lies in the dead letters",
    )
    OWN_WRITES = "own_writes", "a write that meets its own effect, repeated after a lost answer, has succeeded"
    WAY_OUT = "way_out", "from every state the operators' commands lead to rest, and a redrive sends what was refused"
    NO_UNTRUE_REFUSAL = (
        "no_untrue_refusal",
        "a refusal promises only what happens by itself, and offers only what is possible",
    )
    NO_WORKER_IS_HELD = "no_worker_is_held", "a call that outlasts its workers is put aside, so that others have them"
    NO_NEIGHBOUR_IS_HELD = (
        "no_neighbour_is_held",
        "a question to the model that hangs is left behind at its deadline, and the calls beside it go on",
    )
    ANALYSED_ONCE = "analysed_once", "a call is analysed once, and once more for each order to do so"
    CONTENT_IS_ANALYSED = (
        "content_is_analysed",
        "a call's content is the one that its latest analysis read, or an order to read it is open",
    )
    ERASED_STAYS_ERASED = (
        "erased_stays_erased",
        "of an erased call nothing is sent, nothing moves it again, and in the end nothing is kept",
    )
    PERSON_IS_FOUND = "person_is_found", "whoever is in a call is found by number and address once it is analysed"
    ORDER_ONCE = "order_once", "a resend order has one final outcome"
    SWEEPS_ARE_CAPPED = "sweeps_are_capped", "an event that does not move is sent again only so often"
    COMES_TO_REST = "comes_to_rest", "once everything is healthy, the system comes to rest"
    BOOKS_BALANCE = "books_balance", "calls, events, attempts and leads add up"


class Broken(Exception):
    """A promise is broken; the text says by what."""

    def __init__(self, promise: Promise, event_id: str, how: str) -> None:
        super().__init__(f"{promise}: {how}")
        self.promise = promise
        self.event_id = event_id
        self.how = how
