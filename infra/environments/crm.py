"""The settings of the outside systems a call meets on its way: ElevenLabs, the language model and the CRM.

Every question the letter to the CRM owner leaves open is a field of `Crm`. Names, upper-cased, are the dispatch,
analysis and reconciliation functions' environment variables.
"""

from datetime import datetime
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from functions.dispatch.field_map import field_map_name
from infra.environments.shape import Shape

LOOPBACK = ("127.0.0.1", "localhost", "::1")
HTTPS_PORT = 443


def _checked_url(value: str) -> str:
    """An absolute https URL (http on loopback only), or nothing."""
    if not value:
        return value
    parts = urlsplit(value)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("must be an absolute http(s) URL")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("must use https: plain http is for loopback only")
    return value


class Crm(Shape):
    """What the dispatch step is told about the CRM; an empty string means "not set"."""

    enabled: bool
    dry_run: bool
    service_url: str = ""
    landing_id: str = ""
    trusted_origin: str = ""
    referer: str = ""
    wire_format: Literal["letter", "web_form"] = "letter"
    deduplication: Literal["none", "lead_id", "event_id"] = "none"
    require_contact: Literal["none", "any", "phone", "email"] = "none"
    timeout_seconds: int = Field(default=30, ge=1, le=50)
    max_body_bytes: int = Field(default=60_000, ge=2_000, le=4_000_000)
    ca_bundle: str = ""
    max_requests_per_second: float | None = Field(default=None, ge=0.5, le=1_000)
    breaker_failures: int = Field(default=5, ge=1, le=1_000)
    breaker_recovery_seconds: int = Field(default=60, ge=1, le=3_600)
    field_map: Annotated[str, AfterValidator(field_map_name)]  # a bad map fails here, at synthesis, naming its row

    _urls = field_validator("service_url", "trusted_origin", "referer")(_checked_url)

    @model_validator(mode="after")
    def _an_origin_has_no_path(self) -> Self:
        if urlsplit(self.trusted_origin).path:
            raise ValueError("trusted_origin is a scheme and a host, without a path or a final slash")
        return self

    @property
    def port(self) -> int:
        """The port the CRM listens on: the one hole, beside 443, in the dispatch function's firewall."""
        return urlsplit(self.service_url).port or HTTPS_PORT


class Model(Shape):
    """What the analysis step is told about the OpenAI-compatible server."""

    base_url: str = ""
    name: str = "gpt-6-luna"
    reasoning_effort: Literal["omit", "none", "minimal", "low", "medium", "high"] = "none"
    schema_mode: Literal["json_schema", "json_object", "prompt"] = "json_schema"
    token_param: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"  # noqa: S105 — of text
    deadline_seconds: int = Field(default=60, ge=1, le=600)
    max_input_characters: int = Field(default=120_000, ge=1_000, le=2_000_000)

    _url = field_validator("base_url")(_checked_url)


class ElevenLabs(Shape):
    """Which of ElevenLabs' conversations are ours, for the search for calls that were never delivered.

    `agent_ids` must name our agents wherever another environment or system shares the workspace; none means all of
    them. Calls from before `calls_since` (a moment in ISO 8601) are left to whoever took care of them then.
    `webhook_url` is the webhook's address there; none means every webhook that ends in our path.
    """

    api_url: str = "https://api.elevenlabs.io"
    agent_ids: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")], ...] = ()
    calls_since: datetime | None = None
    webhook_url: str = ""

    _urls = field_validator("api_url", "webhook_url")(_checked_url)

    @field_validator("calls_since")
    @classmethod
    def _in_a_zone(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("must have a time zone, such as 2026-12-01T00:00:00Z")
        return value
