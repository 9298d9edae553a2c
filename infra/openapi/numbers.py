"""The numbers of some days as the API answers them: the same sums in all, by hour, by day, by agent and by topic."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from functions.operations.usecases.count import PLACES
from infra.openapi.shape import Shape, members


@members(dict.fromkeys(("received", *PLACES), int))
class Sums(Shape): ...


class OfHour(Sums):
    hour: int


class OfDay(Sums):
    day: date


class OfAgent(Sums):
    agent_id: str | None
    agent_name: str | None


class OfTopic(Sums):
    topic: str | None


class Numbers(Sums):
    day: date = Field(description="The last of the days.")
    zone: str = Field(description="Whose days and hours they are.")
    complete: bool = Field(description="False when there are more events than were read.")
    median_seconds_to_lead: float | None
    by_hour: list[OfHour]
    by_day: list[OfDay]
    by_agent: list[OfAgent]
    by_topic: list[OfTopic]
    by_status: dict[str, int]
