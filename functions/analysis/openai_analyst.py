"""The analyst behind an OpenAI-compatible server: chat completions with a strict JSON schema, parsed by ourselves.

A request is sent once (the queue is the one retry loop), and its time-out is for the whole of it. `store=False` always;
temperature never: determinism comes from stored results.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from functions.analysis.fallback_analyst import LEAST_SECONDS, JudgementFailedError, ModelUnavailable
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.conversation import Conversation
from functions.analysis.model.failures import RequestRejectedError, UnreadableReplyError
from functions.analysis.model.prices import Price, priced, prices
from functions.analysis.model.prompt import Message, Prompt
from functions.analysis.model.reply import Reply, read_reply
from functions.analysis.model.server import ModelServer
from functions.analysis.preprocessing import PreparedCall
from functions.analysis.question import Asking, Question, in_turn
from functions.analysis.settings import Effort, SchemaMode, Settings
from postcall.domain.analysis import Analysis, Usage
from postcall.domain.said import said

OUTPUT_TOKENS, OUTPUT_TOKENS_WITH_REASONING = 1_500, 4_000  # reasoning counts against the limit
SECONDS_TO_RECORD = 5.0  # what the function needs after the model's answer
FIRST_MESSAGES = 2  # the rules and the record; a repair has more
NEARLY = 0.9
SHARE, TRIAL_SHARE = 0.75, 0.4
LATELY = 10  # answers: the quickest of them says in which time none is to be expected
_READING = threading.Lock()  # one answer at a time: ten large ones at once would not fit the memory


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
    _took: deque[float] = field(default_factory=lambda: deque(maxlen=LATELY), init=False)  # seconds of the last answers

    def judge(
        self, prepared: PreparedCall, at_most: float = math.inf, *, seconds_left: Callable[[], float]
    ) -> Analysis:
        """The judgement of one call, in so many seconds, each question asked where it stands.

        Raises:
            ModelUnavailable: The model cannot judge now.
            JudgementFailedError: The answer is of no use.
        """
        return in_turn(self.asking(prepared, at_most, seconds_left=seconds_left))

    def asking(
        self, prepared: PreparedCall, at_most: float = math.inf, *, seconds_left: Callable[[], float]
    ) -> Asking[Analysis]:
        """The judgement of one call, in so many seconds, and the questions on the way to it.

        Raises:
            ModelUnavailable: The model cannot judge now.
            JudgementFailedError: The model answered and the answer is of no use (refused, cut off, invalid): asking
                again cannot help.
        """
        self.breaker.check()
        if at_most < min(self._took, default=0.0):  # it would hold up whoever waits behind, for nothing
            raise ModelUnavailable(said("model.no_time"), timed_out=True)
        latest = self.clock() + at_most
        started = self.clock()
        until = min(latest, started + min(self._longest, seconds_left() - SECONDS_TO_RECORD))
        conversation = Conversation(
            ask=lambda messages, limit: self._ask(prepared, messages, limit, until - self.clock()),
            prompt=self.prompt,
            prepared=prepared,
            max_characters=self.settings.openai_max_input_characters,
            max_output_tokens=OUTPUT_TOKENS if self._is_quick else OUTPUT_TOKENS_WITH_REASONING,
        )
        try:
            judged = yield from conversation.asking()
        except JudgementFailedError as error:
            error.usage = self._priced(error.usage, None)
            raise
        analysis = self.judgement.analysis(judged.answer, prepared)
        exchange = {
            "tries": judged.tries,
            "latency_ms": round(1000 * (self.clock() - started)),
            "server_model": judged.reply.model,
        }
        analysis = replace(
            analysis,
            model=self.settings.openai_model,
            prompt_version=self.prompt.version,
            request_id=judged.reply.request_id,
            usage=self._priced(judged.usage, judged.reply.model),
            details=analysis.details | {"exchange": exchange},
        )
        doubts = {"call_was_cut": judged.was_cut, "model_saw_only_a_part": judged.saw_only_a_part}
        flags = [name for name, is_set in doubts.items() if is_set]
        return analysis.flagged(*flags) if flags else analysis

    @property
    def _longest(self) -> float:
        """The deadline, or a share of what a lead may wait: others wait behind it. Of a trial after time-outs less."""
        share = TRIAL_SHARE if self.breaker.has_timed_out else SHARE
        return min(float(self.settings.openai_deadline_seconds), self.settings.analysis_max_wait_seconds * share)

    def _priced(self, usage: Usage, server_model: str | None) -> Usage:
        """With the price of the configured model, or else of what the server says it is."""
        today = datetime.now(UTC).date()
        known = priced(usage, self.settings.openai_model, on=today, table=self.price_table)
        if known.cost_usd is not None or server_model is None:
            return known
        return priced(usage, server_model, on=today, table=self.price_table)

    @cached_property
    def server(self) -> ModelServer:
        """Where the settings lead."""
        return ModelServer(self.api_key, self.settings.openai_base_url)

    @property
    def _is_quick(self) -> bool:
        return self.settings.openai_reasoning_effort in {Effort.NONE, Effort.OMIT}

    def _ask(self, prepared: PreparedCall, messages: list[Message], limit: int, seconds: float) -> Asking[Reply]:
        if seconds < LEAST_SECONDS / 2:
            raise ModelUnavailable(said("model.no_time"))
        asked = self.clock()
        try:
            send = partial(self.send, messages, limit, seconds, request_id=prepared.call.event_id)
            reply: Reply = yield Question(send, seconds)
        except UnreadableReplyError:
            raise self.breaker.note_unreadable() from None
        except RequestRejectedError as error:
            raise self.breaker.rejected(error, is_repair=len(messages) > FIRST_MESSAGES) from None
        except TimeoutError:  # the exchange did not even end by itself
            raise self._noted(ModelUnavailable(said("model.no_answer"), timed_out=True), seconds) from None
        except ModelUnavailable as error:
            raise self._noted(error, seconds) from None
        self.breaker.close()
        self._took.append(self.clock() - asked)
        return reply

    def _noted(self, error: ModelUnavailable, seconds: float) -> ModelUnavailable:
        return self.breaker.note_timeout(error) if self._counts(error, seconds) else self.breaker.note(error)

    def _counts(self, error: ModelUnavailable, seconds: float) -> bool:
        return error.timed_out and seconds >= self._whole_wait

    @property
    def _whole_wait(self) -> float:
        """A time-out counts against the server where it had nearly all of the time that an answer may take."""
        return NEARLY * min(self._longest, float(self.settings.analysis_max_wait_seconds))

    def send(self, messages: list[Message], limit: int, seconds: float, *, request_id: str) -> Reply:
        """One request, whatever the circuit's state. Raises what `failures` makes of any other answer than a reply."""
        answer = self.server.complete(self._parameters(messages, limit), seconds=seconds, request_id=request_id)
        with _READING:
            return read_reply(answer.body, request_id=answer.headers.get("x-request-id"))

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
