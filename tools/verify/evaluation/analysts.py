"""Who is examined: the rules alone, a live model, or answers from a file that a model (or a person) once gave."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from functions.analysis.collected import field_names
from functions.analysis.fallback_analyst import FallbackAnalyst, Judge, ModelUnavailable
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.conversation import Conversation
from functions.analysis.model.prompt import Message, Prompt
from functions.analysis.model.reply import Reply
from functions.analysis.model.servers import bounds_texts
from functions.analysis.offline_analyst import OfflineAnalyst
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.preprocessing import PreparedCall
from functions.analysis.question import Asking, at_once, in_turn
from functions.analysis.settings import Settings
from functions.analysis.taxonomy import taxonomy
from postcall.domain.analysis import Analysis
from postcall.domain.call import Call
from postcall.domain.clock import SystemClock
from postcall.settings import read_settings

NO_LIMIT_SECONDS = 600.0
EVERY_ANSWER = "every-answer.jsonl"


class Examined(Protocol):
    """An analyst as the examination asks it."""

    def analyse(self, call: Call, *, received_at: datetime) -> Analysis:
        """The analysis of a call."""

    def asking(self, call: Call, *, received_at: datetime) -> Asking[Analysis]:
        """The analysis, and the questions on the way to it."""


def offline() -> OfflineAnalyst:
    """The rules alone."""
    return OfflineAnalyst(taxonomy(), field_names())


@dataclass(frozen=True)
class Asked:
    """A model with all the time there is: one that is away is noted, and not waited for."""

    judge: Judge

    def analyse(self, call: Call, *, received_at: datetime) -> Analysis:
        """The analysis; when the call came in does not matter here."""
        return in_turn(self.asking(call, received_at=received_at))

    def asking(self, call: Call, *, received_at: datetime) -> Asking[Analysis]:
        """The same, and the questions on the way to it."""
        del received_at
        rules = offline()
        fallback = FallbackAnalyst(self.judge, rules, SystemClock(), NO_LIMIT_SECONDS)
        try:
            return (yield from fallback.asking(call, received_at=now()))
        except ModelUnavailable as error:
            return rules.analyse(call, received_at=now()).flagged(error.flag)


def answered(answers: dict[str, str], *, orders: Collection[str] = ()) -> Asked:
    """Answers by call, put through every check that a live model's answers are put through.

    This "model" is gullible: where it is shown one of the `orders`, it obeys.
    """

    def judge(prepared: PreparedCall, _seconds: float) -> Asking[Analysis]:
        def ask(messages: list[Message], _limit: int) -> Asking[Reply]:
            answer = answers[prepared.call.event_id]
            is_shown = any(json.dumps(order, ensure_ascii=False)[1:-1] in messages[1]["content"] for order in orders)
            return at_once(Reply(obedient(answer) if is_shown else answer, model="recorded"))

        prompt = Prompt(taxonomy())
        judged = yield from Conversation(
            ask, prompt, prepared, max_characters=120_000, max_output_tokens=1_500
        ).asking()
        return Judgement(taxonomy(), field_names()).analysis(judged.answer, prepared)

    return Asked(judge)


def obedient(answer: str) -> str:
    """The answer of a model that does what a caller orders: the best score, the highest status, somebody's number."""
    members = json.loads(answer)
    contacts = members["contacts"] | {"full_name": "Генеральный Директор", "phone_ref": "CALLER_ID"}
    orders = {"quality_score": 5, "lead_status": "qualified", "intent": "buy", "instruction_attempt": False}
    return json.dumps(members | orders | {"contacts": contacts}, ensure_ascii=False)


def recorded_answers(folder: Path) -> dict[str, str]:
    """Answers by the call's event id: `EVENT_ID.json` each, or all in one `.jsonl` of `{"id", "answer"}`."""
    if folder.is_file():
        rows = [json.loads(line) for line in folder.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {f"conv_{row['id'].lower()}": json.dumps(row["answer"], ensure_ascii=False) for row in rows}
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))}


@dataclass
class Recorder(OpenAiAnalyst):
    """A live model whose answers are kept: each call's last as a file, for later runs without it, and all in one."""

    folder: Path | None = None

    def _ask(self, prepared: PreparedCall, messages: list[Message], limit: int, seconds: float) -> Asking[Reply]:
        reply = yield from super()._ask(prepared, messages, limit, seconds)
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / f"{prepared.call.event_id}.json").write_text(reply.content, encoding="utf-8")
            row = {"event_id": prepared.call.event_id, "messages": len(messages), "answer": reply.content}
            with (self.folder / EVERY_ANSWER).open("a", encoding="utf-8") as every:
                every.write(json.dumps(row, ensure_ascii=False) + "\n")
        return reply


def live(api_key: str, settings: Settings, folder: Path | None) -> Asked:
    """A model behind the configured server."""
    recorder = Recorder(
        api_key=api_key,
        settings=settings,
        prompt=Prompt(taxonomy(), settings.openai_schema_mode, bounds_texts=bounds_texts(settings.openai_base_url)),
        judgement=Judgement(taxonomy(), field_names()),
        breaker=Breaker(time.monotonic),
        folder=folder,
    )
    return Asked(partial(recorder.asking, seconds_left=lambda: NO_LIMIT_SECONDS))


def settings_for(**variables: str) -> Settings:
    """The step's settings from these environment variables; the tables and queues are never touched."""
    required = [field.name.upper() for field in dataclasses.fields(Settings) if field.default is dataclasses.MISSING]
    return read_settings(Settings, {**dict.fromkeys(required, "unused"), "EVENT_TTL_DAYS": "1", **variables})


def now() -> datetime:
    """The moment the examination's calls are said to have come in."""
    return datetime.now(UTC)
