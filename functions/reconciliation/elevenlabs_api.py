"""ElevenLabs' API for agents: the list of conversations, one of them, and the workspace's webhooks.

What its fields mean: docs/contracts/elevenlabs.md, "The conversations API".
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from functions.reconciliation.elevenlabs_http import ElevenLabsHttp, Parameters
from functions.reconciliation.usecases.conversation import Conversation, Envelope, Progress
from postcall.domain.errors import Unavailable
from postcall.domain.event_id import INITIATION_FAILURE
from postcall.domain.json_object import JsonObject, as_object, as_objects
from postcall.domain.said import said

TRANSCRIPTION = "post_call_transcription"
PAGE_SIZE = 100  # the most it gives
LONG_AGO = datetime.fromtimestamp(0, UTC)
FINISHED = ("done", "failed")
_PROGRESS = {**dict.fromkeys(FINISHED, Progress.FINISHED), "processing": Progress.PROCESSING}
_NOT_ANSWERED = {"busy": "busy", "no_answer": "no-answer", "failed": "unknown"}


class ElevenLabsApi:
    """The conversations of the whole workspace, or of some agents only, and none from before `not_before`."""

    def __init__(
        self, http: ElevenLabsHttp, *, agent_ids: Collection[str] = (), not_before: datetime | None = None
    ) -> None:
        self._http = http
        self._agent_ids = tuple(agent_ids)
        self._not_before = not_before

    def started_between(self, since: datetime, until: datetime) -> Iterator[list[Conversation]]:
        """All conversations that started at or after `since` and before `until`, page by page, the newest first."""
        begin = since if self._not_before is None else max(since, self._not_before)
        for agent_id in self._agent_ids or (None,) if begin < until else ():
            for page in self._pages(_window(begin, until, agent_id)):
                found = [_conversation(row, otherwise=begin) for row in page]
                yield [each for each in found if begin <= each.started_at < until]

    def envelope(self, conversation_id: str) -> Envelope | None:
        """The webhook as ElevenLabs would have delivered it, or None when the conversation is gone.

        Raises:
            Unavailable: ElevenLabs does not answer now, or refuses the key.
        """
        data = self._http.get(f"/v1/convai/conversations/{quote(conversation_id, safe='')}")
        if data is None:
            return None
        if not isinstance(data, dict) or data.get("conversation_id") != conversation_id:
            raise Unavailable(said("elevenlabs.other_conversation"))
        return {"event_timestamp": int(_times(as_object(data.get("metadata")))[1].timestamp()), **_event(data)}

    def webhooks(self) -> list[JsonObject]:
        """The workspace's webhooks as they come, which needs an administrator's key."""
        answer = self._http.get("/v1/workspace/webhooks", {"include_usages": "true"})
        return as_objects(_rows(answer, "webhooks"))

    def _pages(self, parameters: JsonObject) -> Iterator[list[JsonObject]]:
        """Every page. An answer that cannot be gone on from is an error: half a list must not look like a whole."""
        seen: set[str] = set()
        while True:
            answer = self._http.get("/v1/convai/conversations", parameters)
            yield [row for row in as_objects(_rows(answer, "conversations")) if _id(row)]
            cursor = answer.get("next_cursor")
            if not answer.get("has_more"):
                return
            if not isinstance(cursor, str) or not cursor or cursor in seen:
                raise Unavailable(said("elevenlabs.cursor"))
            seen.add(cursor)
            parameters = parameters | {"cursor": cursor}


def read_api_key(text: str) -> str:
    """The key in the secret: `{"api_key": …}`, or plain text. Empty when there is none."""
    try:
        members = json.loads(text)
    except ValueError:
        return text.strip()
    return str(members.get("api_key") or "").strip() if isinstance(members, dict) else text.strip()


def _window(since: datetime, until: datetime, agent_id: str | None) -> JsonObject:
    """A second wider on both sides: whether the limits themselves belong to it is not said, so we look ourselves."""
    window: dict[str, str | int | list[str]] = {
        "call_start_after_unix": int(since.timestamp()) - 1,
        "call_start_before_unix": int(until.timestamp()) + 1,
        "page_size": PAGE_SIZE,
        "summary_mode": "exclude",
    }
    parameters: Parameters = window if agent_id is None else window | {"agent_id": agent_id}
    return dict(parameters)


def _rows(answer: Any, name: str) -> list[Any]:  # noqa: ANN401 — unchecked JSON
    if not isinstance(answer, dict) or not isinstance(answer.get(name), list):
        raise Unavailable(said("elevenlabs.no_list", name=name))
    rows: list[Any] = answer[name]
    return rows


def _id(row: JsonObject) -> str | None:
    value = row.get("conversation_id")
    return value if isinstance(value, str) and value else None


def _conversation(row: JsonObject, *, otherwise: datetime) -> Conversation:
    """A row in our words; one without a start counts as one from the beginning of the window: it must not be lost."""
    started_at, ended_at = _times(row, otherwise)
    agent_id = row.get("agent_id")
    return Conversation(
        conversation_id=_id(row) or "",
        progress=_PROGRESS.get(str(row.get("status")), Progress.UNDER_WAY),
        started_at=started_at,
        ended_at=ended_at,
        agent_id=agent_id if isinstance(agent_id, str) else None,
    )


def _times(members: JsonObject, otherwise: datetime = LONG_AGO) -> tuple[datetime, datetime]:
    """When a call began and ended."""
    begun = _seconds(members.get("start_time_unix_secs"))
    started_at = otherwise if begun is None else datetime.fromtimestamp(begun, UTC)
    return started_at, started_at + timedelta(seconds=_seconds(members.get("call_duration_secs")) or 0)


def _seconds(value: Any) -> float | None:  # noqa: ANN401 — unchecked JSON
    """A time or a duration, if it is one."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value < 10**10 else None


def _event(data: JsonObject) -> Envelope:
    """Which event ElevenLabs would have sent: for a call out that nobody answered the failure, not a transcript."""
    phone_call = as_object(as_object(data.get("metadata")).get("phone_call"))
    result = str(phone_call.get("call_result"))
    if phone_call.get("direction") != "outbound" or data.get("transcript") or result not in _NOT_ANSWERED:
        return {"type": TRANSCRIPTION, "data": data}
    return {"type": INITIATION_FAILURE, "data": data | {"failure_reason": _NOT_ANSWERED[result]}}
