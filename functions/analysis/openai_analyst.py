"""The analyst behind an OpenAI-compatible server: chat completions with a strict JSON schema, parsed by ourselves.

The only module that knows `openai`, and it imports it with the first call: a second of a cold start. The SDK's retries
are off (the queue is the one retry loop), and under it lies our own HTTP client, whose time-out is for the whole
request. `store=False` always; temperature never: determinism comes from stored results.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.conversation import Conversation, Reply
from functions.analysis.model.failures import UnreadableReplyError, meaning
from functions.analysis.model.prices import Price, priced, prices
from functions.analysis.model.prompt import Message, Prompt
from functions.analysis.patience import JudgementFailedError, ModelUnavailable
from functions.analysis.reading import Reading
from functions.analysis.settings import Effort, SchemaMode, Settings
from postcall.domain.analysis import Analysis, Usage
from postcall.domain.said import said

if TYPE_CHECKING:
    from openai import OpenAI

OPENAI_URL = "https://api.openai.com/v1"
OUTPUT_TOKENS, OUTPUT_TOKENS_WITH_REASONING = 1_500, 4_000  # reasoning counts against the limit
SECONDS_TO_RECORD = 5.0  # what the function needs after the model's answer
LEAST_SHARE = 0.05  # of the deadline: with less time left a request is not worth its money


@dataclass
class OpenAiAnalyst:
    """Judges calls with a model."""

    api_key: str
    settings: Settings
    prompt: Prompt
    judgement: Judgement
    breaker: Breaker
    price_table: tuple[Price, ...] = field(default_factory=prices)
    clock: Callable[[], float] = time.monotonic

    def judge(self, reading: Reading, *, seconds_left: Callable[[], float]) -> Analysis:
        """The judgement of one call. Raises `ModelUnavailable` and `JudgementFailedError`."""
        self.breaker.check()
        started = self.clock()
        room = min(self.settings.openai_deadline_seconds, seconds_left() - SECONDS_TO_RECORD)
        conversation = Conversation(
            ask=lambda messages, limit: self._ask(reading, messages, limit, room - (self.clock() - started)),
            prompt=self.prompt,
            reading=reading,
            max_characters=self.settings.openai_max_input_characters,
            max_output_tokens=OUTPUT_TOKENS if self._is_quick else OUTPUT_TOKENS_WITH_REASONING,
        )
        try:
            judged = conversation.judge()
        except JudgementFailedError as error:
            error.usage = self._priced(error.usage, self.settings.openai_model)
            raise
        model = judged.reply.model or self.settings.openai_model
        analysis = self.judgement.analysis(judged.answer, reading)
        exchange = {"tries": judged.tries, "latency_ms": round(1000 * (self.clock() - started))}
        analysis = replace(
            analysis,
            model=model,
            prompt_version=self.prompt.version,
            request_id=judged.reply.request_id,
            usage=self._priced(judged.usage, model),
            details=analysis.details | {"exchange": exchange},
        )
        return analysis.flagged("call_was_cut") if judged.was_cut else analysis

    def _priced(self, usage: Usage, model: str) -> Usage:
        return priced(usage, model, on=datetime.now(UTC).date(), table=self.price_table)

    def close(self) -> None:
        """Give the client back: for tests and tools; a function's process just ends."""
        if "client" in self.__dict__:
            self.client.close()

    @cached_property
    def client(self) -> OpenAI:
        """The SDK's client. Everything it would read from the environment is given here."""
        import httpx2  # noqa: PLC0415 — a second of a cold start that only calls with a model pay
        from openai import OpenAI  # noqa: PLC0415

        from functions.analysis.model.transport import Transport  # noqa: PLC0415

        return OpenAI(
            api_key=self.api_key,
            base_url=self.settings.openai_base_url or OPENAI_URL,
            max_retries=0,
            http_client=httpx2.Client(transport=Transport(), trust_env=False, follow_redirects=False),
        )

    @property
    def _is_quick(self) -> bool:
        return self.settings.openai_reasoning_effort in {Effort.NONE, Effort.OMIT}

    def _ask(self, reading: Reading, messages: list[Message], limit: int, seconds: float) -> Reply:
        if seconds < LEAST_SHARE * self.settings.openai_deadline_seconds:
            raise ModelUnavailable(said("model.no_time"))
        try:
            reply = self._request(reading, messages, limit, seconds)
        except UnreadableReplyError:
            raise self.breaker.note_unreadable() from None
        except ModelUnavailable as error:
            raise self.breaker.note(error) from None
        self.breaker.close()
        return reply

    def _request(self, reading: Reading, messages: list[Message], limit: int, seconds: float) -> Reply:
        """One request. The SDK's errors are left behind here: their texts may quote the call."""
        from openai import OpenAIError  # noqa: PLC0415 — see `client`

        try:
            completion: Any = self.client.chat.completions.create(
                **self._parameters(messages, limit),
                timeout=seconds,
                extra_headers={"X-Client-Request-Id": reading.call.event_id},
            )
            return _reply(completion)
        except (OpenAIError, TimeoutError, ValueError, AttributeError, TypeError) as error:
            # The last three are what the SDK raises for an answer that is not of its API.
            raise meaning(error) from None

    def _parameters(self, messages: list[Message], limit: int) -> dict[str, Any]:
        chosen = self.settings
        parameters: dict[str, Any] = {
            "model": chosen.openai_model,
            "messages": messages,
            "store": False,
            chosen.openai_token_param.value: limit,
        }
        if chosen.openai_reasoning_effort is not Effort.OMIT:
            parameters["reasoning_effort"] = chosen.openai_reasoning_effort.value
        if chosen.openai_schema_mode is SchemaMode.JSON_SCHEMA:
            schema = {"name": "call_analysis", "strict": True, "schema": self.prompt.schema}
            parameters["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif chosen.openai_schema_mode is SchemaMode.JSON_OBJECT:
            parameters["response_format"] = {"type": "json_object"}
        return parameters


def _reply(completion: Any) -> Reply:  # noqa: ANN401 — the SDK builds its classes without checking them
    """The parts of a completion that matter. Raises `UnreadableReplyError` when it is none."""
    from openai.types.chat import ChatCompletion  # noqa: PLC0415 — see `OpenAiAnalyst.client`

    if not isinstance(completion, ChatCompletion) or not completion.choices:
        raise UnreadableReplyError
    choice = completion.choices[0]
    message = choice.message
    return Reply(
        content=message.content or "",
        finish=str(choice.finish_reason),
        refused=bool(message.refusal),
        usage=_usage(completion.usage),
        model=_model_name(completion.model),
        request_id=getattr(completion, "_request_id", None),
    )


def _model_name(name: Any) -> str | None:  # noqa: ANN401 — whatever the server sent
    return name if isinstance(name, str) and name else None


def _usage(usage: Any) -> Usage:  # noqa: ANN401 — compatible servers leave members out
    details = getattr(usage, "prompt_tokens_details", None)
    return Usage(
        input_tokens=getattr(usage, "prompt_tokens", 0) or 0,
        cached_tokens=getattr(details, "cached_tokens", 0) or 0,
        output_tokens=getattr(usage, "completion_tokens", 0) or 0,
    )
