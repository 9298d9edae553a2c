"""A chat completion as a server sent it: read leniently, since compatible servers differ in every member.

Only the text of the first choice must be there. Whatever else is missing, of another type or of absurd size counts as
not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from functions.analysis.model.failures import UnreadableReplyError
from functions.analysis.model.json_text import load
from postcall.domain.analysis import Usage
from postcall.domain.json_object import as_object

LARGEST_REPLY = 2_000_000  # bytes
_MOST_TOKENS = 10**9
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Reply:
    """What came back for one request. `finish` is the server's word: `stop`, `length`, `content_filter`."""

    content: str
    finish: str = "stop"
    refused: bool = False
    usage: Usage = Usage()
    model: str | None = None
    request_id: str | None = None


def read_reply(body: bytes, *, request_id: object = None) -> Reply:
    """The parts of a completion that matter.

    Raises:
        UnreadableReplyError: It is none.
    """
    choice, completion = _first_choice(body)
    message = as_object(choice.get("message"))
    if not message:
        raise UnreadableReplyError
    content = _text(message.get("content"))
    thoughts = message.get("reasoning_content") or message.get("reasoning")
    return Reply(
        content=content if content.strip() else _text(thoughts),
        finish=_name(choice.get("finish_reason")) or "",
        refused=bool(_text(message.get("refusal"))),
        usage=_usage(completion.get("usage")),
        model=_name(completion.get("model")),
        request_id=_name(request_id) or _name(completion.get("id")),
    )


def _first_choice(body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(body) > LARGEST_REPLY:
        raise UnreadableReplyError
    try:
        completion = load(body.decode("utf-8-sig"))
    except ValueError:
        raise UnreadableReplyError from None
    choices = as_object(completion).get("choices")
    if not isinstance(choices, list) or not choices:
        raise UnreadableReplyError
    return as_object(choices[0]), completion


def _text(value: Any) -> str:  # noqa: ANN401 — unchecked JSON
    """A text, or a list of parts as newer servers send it."""
    if isinstance(value, list):
        return "".join(_text(as_object(part).get("text") if isinstance(part, dict) else part) for part in value)
    return value if isinstance(value, str) else ""


def _usage(value: Any) -> Usage:  # noqa: ANN401 — unchecked JSON
    members = as_object(value)
    sent, cached = _count(members.get("prompt_tokens")), as_object(members.get("prompt_tokens_details"))
    return Usage(
        input_tokens=sent,
        cached_tokens=min(sent, _count(cached.get("cached_tokens"))),
        output_tokens=_count(members.get("completion_tokens")),
    )


def _count(value: Any) -> int:  # noqa: ANN401 — unchecked JSON
    """A number of tokens; some servers write it as a text. 0 for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:  # noqa: PLR2004 — 10^9
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_TOKENS:
        return 0
    return int(value)


def _name(value: object) -> str | None:
    return value[:_LONGEST_NAME] if isinstance(value, str) and value else None
