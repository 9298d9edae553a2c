"""What the API takes: query parameters and bodies, by name. A member with a default may be left out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from functions.operations.bodies import MAXIMUM_QUERY_CHARACTERS, MAXIMUM_REASON_CHARACTERS
from functions.operations.routes.events import DEFAULT_PAGE, MAXIMUM_PAGE
from infra.openapi.shape import ABSENT, Open, Shape
from postcall.domain.status import Status

ReasonText = Annotated[str, Field(min_length=1, max_length=MAXIMUM_REASON_CHARACTERS)]
QUERY: Final[dict[str, Any]] = {
    "status": Status,
    "day": date,
    "days": Annotated[int, Field(ge=1, le=31, json_schema_extra={"default": 1})],
    "zone": str,
    "agent_id": str,
    "stalled": bool,
    "since": datetime,
    "until": datetime,
    "topic": str,
    "cause": str,
    "quality": Annotated[int, Field(ge=1, le=5)],
    "limit": Annotated[int, Field(ge=1, le=MAXIMUM_PAGE, json_schema_extra={"default": DEFAULT_PAGE})],
    "cursor": str,
    "force": bool,
    "reason": ReasonText,
    "list": Literal["calls", "waiting", "queues", "quarantine", "ledger", "numbers"],
    "format": Literal["csv", "xlsx"],
    "lang": Literal["en", "ru"],
}


class Webhook(Open):
    """A webhook of ElevenLabs, exactly as it was signed."""


class Contacts(Shape):
    full_name: str = ABSENT
    phone: str = ABSENT
    email: str = ABSENT


class OwnCall(Open):
    event_id: str
    transcript: Any = Field(description="Реплики (role, message) или текст с именами говорящих.")
    contacts: Contacts = ABSENT
    agent_id: str = ABSENT
    conversation_id: str = ABSENT


class Search(Shape):
    query: Annotated[str, Field(max_length=MAXIMUM_QUERY_CHARACTERS)]


class SearchPage(Search):
    cursor: str = Field(ABSENT, description="The answer's next_cursor, to look further back.")


class Reason(Shape):
    reason: ReasonText


class ResolveOrder(Shape):
    outcome: Literal["delivered", "not_delivered"]
    reason: ReasonText


class PersonErasure(Shape):
    phone: str = ABSENT
    email: str = ABSENT
    preview: bool = Field(ABSENT, description="Only show what there is; needs no reason.")
    mentioned: bool = Field(ABSENT, description="Also the calls of others in which the person was mentioned.")
    reason: ReasonText = ABSENT


class ErasuresAgain(Shape):
    reason: ReasonText = ABSENT
    after: str = Field(ABSENT, description="The answer's next_cursor, to go on.")


class RevisionOrder(Shape):
    sha256: str
    reason: ReasonText


class RedriveOrder(Shape):
    preview: bool = ABSENT
    reason: ReasonText = ABSENT
    cause: str = ABSENT


class Reconciliation(Shape):
    since: datetime
    dry_run: bool = ABSENT
    reason: ReasonText = ABSENT
