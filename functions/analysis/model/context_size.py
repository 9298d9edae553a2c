"""Calls that do not fit into a model's context window: named by each server in its own words, or cut without a word.

OpenAI and llama-cpp-python answer with a code, llama.cpp with a type and both sizes, LiteLLM, vLLM, TGI and LM Studio
with a sentence. Ollama answers 200 and has dropped what did not fit: only its count of tokens shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from postcall.domain.said import said

TOO_LONG = frozenset(
    {
        "context_length_exceeded",
        "string_above_max_length",
        "exceed_context_size_error",
        "context_window_exceeded",
        "ContextWindowExceededError",
    },
)
_STATUSES = frozenset({400, 413, 422, 500})
_SENTENCE = re.compile(
    r"context (?:length|size|window|the overflow)|maximum (?:model|context) length|max_model_len"
    r"|longer than the (?:model|maximum)|exceeds? (?:the )?(?:available )?context|n_ctx|context overflow"
    r"|(?:prompt|input) is too long|inputs?`? must have less than|too many (?:input )?tokens|maximum prompt length",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 2_000
_CHARACTERS_OF_A_TOKEN = 6.0  # no tokenizer known packs more into one, on average, of Russian, English or JSON
CAUTION = 1.1  # the call has more tokens a character than the rules around it
SHARE_FOR_THE_ANSWER = 3  # of a window that is known, at most a third is kept free for the answer


class CallTooLongError(Exception):
    """The call does not fit into the model's window. `tokens` of a request, `window`: where the server says so."""

    def __init__(self, *, tokens: int = 0, window: int = 0) -> None:
        super().__init__(said("model.context_window"))
        self.tokens = tokens
        self.window = window


def too_long(status: int, codes: set[str], body: Any) -> CallTooLongError | None:  # noqa: ANN401 — any JSON
    """The error for a refusal that says so; None for any other."""
    if status not in _STATUSES:
        return None
    members = body if isinstance(body, Mapping) else {}
    names = {str(members.get(name)) for name in ("code", "type", "error_type")} | codes
    if not names & TOO_LONG and _SENTENCE.search(_sentence(body)) is None:
        return None
    return CallTooLongError(tokens=_size(members.get("n_prompt_tokens")), window=_size(members.get("n_ctx")))


def fitting_characters(
    error: CallTooLongError, messages: Sequence[Mapping[str, str]], *, shown: int, answer_tokens: int
) -> int:
    """How many of the call's `shown` characters to show next: by the server's own sizes, or else half."""
    if not 0 < error.window <= error.tokens:
        return shown // 2
    room = error.window - min(answer_tokens, error.window // SHARE_FOR_THE_ANSWER)
    record, sent = len(messages[1]["content"]), sum(len(message["content"]) for message in messages)
    excess = sent * (1 - room / error.tokens)
    return max(0, int(shown * (1 - CAUTION * excess / record)))


def saw_only_a_part(input_tokens: int, messages: Sequence[Mapping[str, str]]) -> bool:
    """Whether the server counted fewer tokens than the request can have: it dropped some of it without a word."""
    characters = sum(len(message["content"]) for message in messages)
    return 0 < input_tokens < characters / _CHARACTERS_OF_A_TOKEN


def _sentence(body: Any) -> str:  # noqa: ANN401 — any JSON
    """The sentence of an error's body: LM Studio's is a text, TGI's `error`, the others' `message`."""
    if isinstance(body, Mapping):
        body = next((body[name] for name in ("message", "error", "detail") if isinstance(body.get(name), str)), "")
    return body[:_LONGEST_SENTENCE] if isinstance(body, str) else ""


def _size(value: Any) -> int:  # noqa: ANN401 — any JSON
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9 else 0
