"""The questions whose answers the model simulator plays: asked to record them, and again by the contract tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from tools.postcall.model.server import FORM

JsonObject = dict[str, Any]
CHAT = "/v1/chat/completions"
SECONDS = 300.0
KEY = "the-key"
ASKED = [{"role": "system", "content": "You answer."}, {"role": "user", "content": "Say hi"}]
SECOND_TRY = [*ASKED, {"role": "assistant", "content": "Hi"}, {"role": "user", "content": "Again"}]


@dataclass(frozen=True)
class Question:
    """One request, and the options of the server that it goes to."""

    members: JsonObject = field(default_factory=dict)
    options: tuple[str, ...] = ()
    path: str = CHAT

    def ask(self, address: str) -> httpx.Response:
        """The server's answer."""
        if self.path == "/v1/models":
            return httpx.get(address + self.path, timeout=SECONDS)
        members = {"model": "any", "messages": ASKED, "max_completion_tokens": 4, **self.members}
        return httpx.post(address + self.path, json=members, timeout=SECONDS)


def _form(schema: JsonObject, tokens: int) -> JsonObject:
    wanted = {"type": "json_schema", "json_schema": {"name": "form", "strict": True, "schema": schema}}
    return {"response_format": wanted, "max_completion_tokens": tokens}


QUESTIONS: dict[str, Question] = {
    "completion": Question({"max_completion_tokens": 40}),
    "cut": Question(),
    "form": Question(_form(FORM, 40)),
    "cut_form": Question(_form(FORM, 6)),
    "second_try": Question({"messages": SECOND_TRY}, ("--alternating",)),
    "two_user_turns": Question({"messages": [*ASKED, ASKED[1]]}, ("--alternating",)),
    "overflow": Question({"messages": [ASKED[0], {"role": "user", "content": "word " * 3_000}]}),
    "unknown_schema": Question(_form({"type": "nonsense"}, 4)),
    "no_messages": Question({"messages": "none"}),
    "wrong_key": Question(options=("--key", KEY)),
    "wrong_path": Question(path="/chat/completion"),
    "models": Question(path="/v1/models"),
}
