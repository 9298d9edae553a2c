"""The analysis step's settings: each field's upper-cased name is the environment variable it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from postcall import shared_settings
from postcall.settings import http_url, one_of, parse_int, setting


class SchemaMode(StrEnum):
    """How far the model's server enforces the answer's schema; our own check is the same in every mode."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    PROMPT = "prompt"


class TokenParam(StrEnum):
    """What the server calls the limit of the answer's length."""

    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    MAX_TOKENS = "max_tokens"


class CallerIdPolicy(StrEnum):
    """When the number that the network showed may stand in the lead though nobody dictated it."""

    AGREED = "agreed"  # only when the caller said so ("the number I call from")
    UNLESS_REFUSED = "unless_refused"  # also when a real caller neither gave a number nor refused one


class Effort(StrEnum):
    """`reasoning_effort`; `omit` leaves it out, for servers that do not know the parameter."""

    OMIT = "omit"
    NONE = "none"
    MINIMAL = "minimal"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def regions(text: str) -> tuple[str, ...]:
    """Country codes in order of preference, separated by commas.

    Raises:
        ValueError: A part is not two letters.
    """
    found = tuple(part.strip().upper() for part in text.split(","))
    if not all(re.fullmatch(r"[A-Z]{2}", part) for part in found):
        raise ValueError(f"'{text}' is not a list of two-letter country codes such as BY,RU.")
    return found


@dataclass(frozen=True)
class Settings:
    """What the step needs from its environment."""

    events_table: str = setting()
    analyses_table: str = setting()
    payload_bucket: str = setting()
    analysis_queue_url: str = setting()
    search_key_secret_id: str = setting()
    analysis_dead_letters_url: str = setting()
    dispatch_queue_url: str = setting()
    openai_secret_id: str = setting()
    reconciliation_function: str = setting()
    event_ttl_days: int = shared_settings.event_ttl_days()

    openai_model: str = setting(default="gpt-6-luna", about="the model's name at the server")
    openai_base_url: str | None = setting(
        http_url, default=None, about="an OpenAI-compatible server's address; OpenAI's own without it"
    )
    openai_reasoning_effort: Effort = setting(
        one_of(Effort), default=Effort.NONE, about="the request's reasoning_effort; omit leaves it out"
    )
    openai_schema_mode: SchemaMode = setting(
        one_of(SchemaMode), default=SchemaMode.JSON_SCHEMA, about="how far the server enforces the answer's schema"
    )
    openai_token_param: TokenParam = setting(
        one_of(TokenParam),
        default=TokenParam.MAX_COMPLETION_TOKENS,
        about="what the server calls the limit of an answer's length",
    )
    openai_deadline_seconds: int = setting(
        parse_int(1, 600), default=60, about="seconds that one call's questions may take"
    )
    openai_max_input_characters: int = setting(
        parse_int(1_000, 2_000_000), default=120_000, about="characters of a call that are shown to the model"
    )

    analysis_retry_base_seconds: int = setting(
        parse_int(1, 3600), default=15, about="the longest wait before the second try; it doubles from try to try"
    )
    analysis_retry_cap_seconds: int = setting(
        parse_int(1, 43_200), default=300, about="the longest wait between two tries"
    )
    analysis_max_wait_seconds: int = setting(
        parse_int(0, 86_400),
        default=600,
        about="seconds a call waits for the model before its lead goes out without it",
    )
    analysis_caller_id_as_contact: CallerIdPolicy = setting(
        one_of(CallerIdPolicy),
        default=CallerIdPolicy.UNLESS_REFUSED,
        about="when the number that the network showed may stand in the lead though nobody dictated it",
    )
    analysis_phone_regions: tuple[str, ...] = setting(
        regions, default=("BY", "RU"), about="the countries of numbers without a country code, in order of preference"
    )
