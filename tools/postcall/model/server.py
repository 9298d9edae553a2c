"""The configured server, asked small invented questions through the analyst's own client, and what came back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from functions.analysis.collected import field_names
from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.context_size import CallTooLongError
from functions.analysis.model.failures import RequestRejectedError, UnreadableReplyError
from functions.analysis.model.json_text import load
from functions.analysis.model.prompt import Message, Prompt
from functions.analysis.model.reply import Reply
from functions.analysis.model.schema import Schema
from functions.analysis.model.servers import bounds_texts
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.settings import Settings
from functions.analysis.taxonomy import taxonomy

FORM: Schema = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": ["ultramarine", "vermilion"]}},
    "required": ["colour"],
    "additionalProperties": False,
}
REQUEST_ID = "postcall-model-check"
_TROUBLES = (
    ModelUnavailable,
    JudgementFailedError,
    RequestRejectedError,
    UnreadableReplyError,
    CallTooLongError,
)


class SmallForm(Prompt):
    """A prompt whose form no model would choose by itself."""

    @cached_property
    def schema(self) -> Schema:
        """One member with two odd values."""
        return FORM


@dataclass(frozen=True)
class Answer:
    """A reply, or why there is none."""

    reply: Reply | None = None
    error: Exception | None = None

    @property
    def status(self) -> int:
        """The HTTP status of a refusal; 0 where there was none."""
        report = self.error.args[0] if self.error is not None and self.error.args else ""
        details = getattr(self.error, "details", {})
        return int(getattr(report, "params", {}).get("status", 0) or details.get("status", 0))


@dataclass(frozen=True)
class Server:
    """Where the settings lead, with this key."""

    key: str
    clock: Callable[[], float] = time.monotonic

    def ask(self, settings: Settings, messages: list[Message], limit: int) -> Answer:
        """One question, as the analyst would send it with these settings."""
        analyst = self.analyst(settings, SmallForm(taxonomy(), settings.openai_schema_mode))
        try:
            seconds = float(settings.openai_deadline_seconds)
            return Answer(analyst.send(messages, limit, seconds, request_id=REQUEST_ID))
        except _TROUBLES as error:
            return Answer(error=error)

    def analyst(self, settings: Settings, prompt: Prompt | None = None) -> OpenAiAnalyst:
        """The product's own, with the product's own prompt if none is given."""
        bounds = bounds_texts(settings.openai_base_url)
        whole = prompt or Prompt(taxonomy(), settings.openai_schema_mode, bounds_texts=bounds)
        judgement = Judgement(taxonomy(), field_names())
        return OpenAiAnalyst(self.key, settings, whole, judgement, Breaker(self.clock), clock=self.clock)

    def names(self, settings: Settings) -> list[str]:
        """The models that the server offers; none where it does not say."""
        try:
            answer = self.analyst(settings).server.models(seconds=settings.openai_deadline_seconds)
            listed: Any = load(answer.body.decode())
            return [str(one["id"]) for one in listed["data"]]
        except (*_TROUBLES, ValueError, LookupError, TypeError):
            return []
