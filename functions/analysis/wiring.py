"""Where the analysis step's parts meet: made when first needed, so that importing the handler needs no environment."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Any

from functions.analysis.collected import field_names
from functions.analysis.elevenlabs import translate
from functions.analysis.fallback_analyst import FallbackAnalyst, Judge, ModelUnavailable, most_receives, wait_seconds
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.prompt import Prompt
from functions.analysis.model.servers import bounds_texts
from functions.analysis.offline_analyst import OfflineAnalyst
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.preprocessing import PreparedCall
from functions.analysis.question import Asking
from functions.analysis.settings import Settings
from functions.analysis.taxonomy import taxonomy
from functions.analysis.usecases.analyse import Analyst, analyse_call
from functions.analysis.usecases.reanalyse import analyse_again
from functions.analysis.whole_conversation import whole_conversation
from postcall.aws import clients
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.batch import Record
from postcall.aws.commands import Commands
from postcall.aws.dead_letter import dead_letter
from postcall.aws.event_table import EventTable
from postcall.aws.party_index import PartyIndex
from postcall.aws.payloads import Payloads
from postcall.aws.pending_index import PendingIndex
from postcall.aws.queues import Queue, postpone, postpone_all
from postcall.aws.search_key import search_key
from postcall.aws.secrets import secret
from postcall.domain.analysis import Analysis
from postcall.domain.call import Call
from postcall.domain.clock import SystemClock
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.messages import CallReceived
from postcall.domain.said import said
from postcall.settings import read_settings

NO_KEY = ModelUnavailable(said("model.key_unread"), misconfigured=True)
SECONDS_TO_FINISH = 10  # what a judgement needs beside the answer: the client's import, the record, the next queue


@cache
def load_settings() -> Settings:
    """The step's settings."""
    return read_settings(Settings, os.environ)


def come_back_if_killed(records: Sequence[Record]) -> None:
    """A process that dies would hide its messages for the queue's own time, which is far longer than its questions.

    Those of a batch stay hidden until each of its questions is over: only then any of them is deleted.
    """
    settings = load_settings()
    with suppress(Unavailable, ValueError):  # they only come back later then
        if not _key():  # nobody is asked
            return
        postpone_all(
            clients.sqs(),
            queue_url=settings.analysis_queue_url,
            receipt_handles=[record.receipt_handle for record in records],
            seconds=settings.openai_deadline_seconds + SECONDS_TO_FINISH,
        )


def analyse(
    message: CallReceived, record: Record, *, neighbours: int, seconds_left: Callable[[], float]
) -> Asking[Analysis | None]:
    """The use case with all its needs, in a batch with so many others.

    `seconds_left` says how long this invocation may still run.
    """
    serve = _use_case() if message.order_id is None else _again()
    return serve(message, analyst=analyst(record, neighbours, seconds_left))


@cache
def _use_case() -> Callable[..., Asking[Analysis | None]]:
    return partial(analyse_call, **_stores(), queue=Queue(clients.sqs(), load_settings().dispatch_queue_url))


@cache
def _again() -> Callable[..., Asking[Analysis | None]]:
    return partial(analyse_again, **_stores())


def _stores() -> dict[str, Any]:
    settings, client = load_settings(), clients.dynamodb()
    payloads = Payloads(clients.s3, settings.payload_bucket)
    tables = {"analyses": settings.analyses_table, "events": settings.events_table}
    key = partial(search_key, settings.search_key_secret_id)
    parties = PartyIndex(client, settings.events_table, key=key, ttl_days=settings.event_ttl_days)
    return {
        "events": EventTable(client, settings.events_table, payloads, ttl_days=settings.event_ttl_days),
        "analyses": AnalysisTable(client, **tables, ttl_days=settings.event_ttl_days, search_key=key),
        "persons": parties,
        "translate": partial(_translate, parties=parties),
        "clock": SystemClock(),
    }


def _translate(event: CallEvent, payload: bytes, *, parties: PartyIndex) -> Call:
    """Read a call, and note whose numbers and addresses it holds: whatever the lead will say, an erasure finds it.

    Of a call of our own systems intake has noted it.
    """
    if event.source.vouches_for_the_conversation:
        parties.add(event.event_id, payload, now=event.received_at)
    return translate(event, payload, fetch=_whole_conversation)


def _whole_conversation(conversation_id: str) -> bytes | None:
    commands = Commands(clients.functions(), load_settings().reconciliation_function)
    return whole_conversation(conversation_id, reconciliation=commands)


def analyst(record: Record, neighbours: int, seconds_left: Callable[[], float]) -> Analyst:
    """Who judges: the model when there is a key for it, else the rules alone."""
    try:
        api_key = _key()
    except (Unavailable, ValueError):
        return _fallback(_without_key, record, neighbours, lambda: NO_KEY)
    if not api_key:
        return _offline()
    model = _model(api_key)
    return _fallback(partial(model.asking, seconds_left=seconds_left), record, neighbours, model.breaker.trouble)


def _fallback(
    judge: Judge, record: Record, neighbours: int, trouble: Callable[[], ModelUnavailable | None]
) -> FallbackAnalyst:
    settings = load_settings()
    return FallbackAnalyst(
        judge,
        _offline(),
        SystemClock(),
        settings.analysis_max_wait_seconds,
        deadline_seconds=settings.openai_deadline_seconds,
        neighbours=neighbours,
        receives=record.receives,
        most_receives=most_receives(
            base=settings.analysis_retry_base_seconds,
            cap=settings.analysis_retry_cap_seconds,
            max_wait_seconds=settings.analysis_max_wait_seconds,
        ),
        trouble=trouble,
    )


def _without_key(_reading: PreparedCall, _seconds: float) -> Asking[Analysis]:
    """A secret that cannot be read must not hold leads back any longer than a model that is down."""
    raise NO_KEY


@cache
def _offline() -> OfflineAnalyst:
    settings = load_settings()
    return OfflineAnalyst(
        taxonomy(), field_names(), settings.analysis_phone_regions, settings.analysis_caller_id_as_contact
    )


@cache
def _model(api_key: str) -> OpenAiAnalyst:
    settings = load_settings()
    return OpenAiAnalyst(
        api_key=api_key,
        settings=settings,
        prompt=Prompt(taxonomy(), settings.openai_schema_mode, bounds_texts=bounds_texts(settings.openai_base_url)),
        judgement=Judgement(taxonomy(), field_names(), settings.analysis_caller_id_as_contact),
        breaker=Breaker(time.monotonic),
    )


def _key() -> str:
    """The model's key; empty where there is none. Raises `Unavailable`, and `ValueError` for another form."""
    return key_in(secret(load_settings().openai_secret_id))


def key_in(text: str) -> str:
    """The key in the secret, `{"api_key": "…"}`; empty when there is none.

    Raises:
        ValueError: For another form.
    """
    if not text.strip():
        return ""
    members = json.loads(text)
    key = members.get("api_key") if isinstance(members, dict) else None
    if not isinstance(key, str):
        raise ValueError("The secret holds no api_key.")  # noqa: TRY004 — a wrong value, whoever wrote it
    return key.strip()


def postpone_record(record: Record, error: Unavailable) -> int:
    """Hide the message until it is worth another try; returns for how many seconds."""
    settings = load_settings()
    seconds = wait_seconds(
        record.receives,
        error,
        base=settings.analysis_retry_base_seconds,
        cap=settings.analysis_retry_cap_seconds,
        random=random.random,
    )
    postpone(
        clients.sqs(),
        queue_url=settings.analysis_queue_url,
        receipt_handle=record.receipt_handle,
        seconds=seconds,
    )
    return seconds


def dead_letter_record(record: Record, reason: str) -> None:
    """Make a message that trying again cannot help a dead letter.

    Raises:
        Unavailable: The model's key cannot be read now.
    """
    client, settings = clients.dynamodb(), load_settings()
    queue = Queue(clients.sqs(), settings.analysis_dead_letters_url)
    dead_letter(record, reason, queue=queue, pending=PendingIndex(client, settings.events_table), clock=SystemClock())
