"""Where the analysis step's parts meet: made when first needed, so that importing the handler needs no environment."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from functions.analysis.collected import field_names
from functions.analysis.elevenlabs import translate
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.prompt import Prompt
from functions.analysis.offline_analyst import OfflineAnalyst
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.patience import Judge, ModelUnavailable, PatientAnalyst, wait_seconds
from functions.analysis.reading import Reading
from functions.analysis.reanalysis import analyse_again
from functions.analysis.settings import Settings
from functions.analysis.taxonomy import taxonomy
from functions.analysis.usecase import Analyst, analyse_call
from postcall.aws import clients
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.batch import Record
from postcall.aws.dead_letter import dead_letter
from postcall.aws.event_table import EventTable
from postcall.aws.payloads import Payloads
from postcall.aws.pending_index import PendingIndex
from postcall.aws.queues import Queue, postpone
from postcall.aws.search_key import search_key
from postcall.aws.secrets import secret
from postcall.domain.analysis import Analysis
from postcall.domain.clock import SystemClock
from postcall.domain.errors import Unavailable
from postcall.domain.messages import CallReceived
from postcall.domain.said import said
from postcall.settings import read_settings


@cache
def settings() -> Settings:
    """The step's settings."""
    return read_settings(Settings, os.environ)


def analyse(message: CallReceived, *, seconds_left: Callable[[], float]) -> Analysis | None:
    """The use case with all its needs; `seconds_left` says how long this invocation may still run."""
    serve = _use_case() if message.order_id is None else _again()
    return serve(message, analyst=analyst(seconds_left))


@cache
def _use_case() -> Callable[..., Analysis | None]:
    return partial(analyse_call, **_stores(), queue=Queue(clients.sqs(), settings().dispatch_queue_url))


@cache
def _again() -> Callable[..., Analysis | None]:
    return partial(analyse_again, **_stores())


def _stores() -> dict[str, Any]:
    chosen, client = settings(), clients.dynamodb()
    payloads = Payloads(clients.s3(), chosen.payload_bucket)
    tables = {"analyses": chosen.analyses_table, "events": chosen.events_table}
    key = partial(search_key, chosen.search_key_secret_id)
    return {
        "events": EventTable(client, chosen.events_table, payloads, ttl_days=chosen.event_ttl_days),
        "analyses": AnalysisTable(client, **tables, ttl_days=chosen.event_ttl_days, search_key=key),
        "translate": translate,
        "clock": SystemClock(),
    }


def analyst(seconds_left: Callable[[], float]) -> Analyst:
    """Who judges: the model when there is a key for it, else the rules alone."""
    try:
        api_key = key_in(secret(settings().openai_secret_id))
    except (Unavailable, ValueError):
        return _patient(_without_key)
    if not api_key:
        return _offline()
    return _patient(partial(_model(api_key).judge, seconds_left=seconds_left))


def _patient(judge: Judge) -> PatientAnalyst:
    return PatientAnalyst(judge, _offline(), SystemClock(), settings().analysis_max_wait_seconds)


def _without_key(_reading: Reading) -> Analysis:
    """A secret that cannot be read must not hold leads back any longer than a model that is down."""
    raise ModelUnavailable(said("model.key_unread"), misconfigured=True)


@cache
def _offline() -> OfflineAnalyst:
    chosen = settings()
    return OfflineAnalyst(
        taxonomy(), field_names(), chosen.analysis_phone_regions, chosen.analysis_caller_id_as_contact
    )


@cache
def _model(api_key: str) -> OpenAiAnalyst:
    chosen = settings()
    return OpenAiAnalyst(
        api_key=api_key,
        settings=chosen,
        prompt=Prompt(taxonomy(), chosen.openai_schema_mode),
        judgement=Judgement(taxonomy(), field_names(), chosen.analysis_caller_id_as_contact),
        breaker=Breaker(time.monotonic),
    )


def key_in(text: str) -> str:
    """The key in the secret, `{"api_key": "…"}`; empty when there is none. Raises `ValueError` for another form."""
    if not text.strip():
        return ""
    members = json.loads(text)
    key = members.get("api_key") if isinstance(members, dict) else None
    if not isinstance(key, str):
        raise ValueError("The secret holds no api_key.")  # noqa: TRY004 — a wrong value, whoever wrote it
    return key.strip()


def postpone_record(record: Record, error: Unavailable) -> int:
    """Hide the message until it is worth another try; returns for how many seconds."""
    chosen = settings()
    seconds = wait_seconds(
        record.receives,
        error,
        base=chosen.analysis_retry_base_seconds,
        cap=chosen.analysis_retry_cap_seconds,
        random=random.random,
    )
    postpone(
        clients.sqs(),
        queue_url=chosen.analysis_queue_url,
        receipt_handle=record.receipt_handle,
        seconds=seconds,
    )
    return seconds


def dead_letter_record(record: Record, reason: str) -> None:
    """Put a message aside that trying again cannot help. Raises `Unavailable`."""
    client, chosen = clients.dynamodb(), settings()
    queue = Queue(clients.sqs(), chosen.analysis_dead_letters_url)
    dead_letter(record, reason, queue=queue, pending=PendingIndex(client, chosen.events_table), clock=SystemClock())
