"""The operator API's lists: newest first, by status, by day, paged, and clear about what is wrong."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from postcall.domain.zone import operators_zone
from tests.integration.conftest import PipelineHarness
from tests.support.builders import any_incoming


@pytest.fixture
def filled(pipeline: PipelineHarness) -> PipelineHarness:
    """Ten events over four days, newest first e0 to e9, every third excluded."""
    now = datetime.now(UTC)
    for number in range(10):
        excluded = "busy" if number % 3 == 0 else None
        pipeline.aws.events.add(
            any_incoming(f"e{number}", excluded_because=excluded), now=now - timedelta(hours=8 * number, minutes=1)
        )
    return pipeline


DEEP = base64.urlsafe_b64encode(b"[" * 100_000).decode()


def pages(pipeline: PipelineHarness, query: dict[str, str]) -> list[list[str]]:
    found: list[list[str]] = []
    cursor: str | None = None
    while True:
        answer = pipeline.call_api("GET", "/api/events", query | ({"cursor": cursor} if cursor else {}))
        assert answer["statusCode"] == 200, answer
        page: Any = json.loads(answer["body"])
        found.append([event["event_id"] for event in page["events"]])
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def flat(found: list[list[str]]) -> list[str]:
    return [event_id for page in found for event_id in page]


def test_all_events_newest_first_across_days(filled: PipelineHarness) -> None:
    assert flat(pages(filled, {})) == [f"e{number}" for number in range(10)]


@pytest.mark.parametrize("limit", ["1", "3", "10"])
def test_pages_neither_lose_nor_repeat(filled: PipelineHarness, limit: str) -> None:
    found = pages(filled, {"limit": limit})
    assert flat(found) == [f"e{number}" for number in range(10)]
    assert max(len(page) for page in found) <= int(limit)


def test_by_status(filled: PipelineHarness) -> None:
    assert flat(pages(filled, {"status": "excluded", "limit": "2"})) == ["e0", "e3", "e6", "e9"]
    assert flat(pages(filled, {"status": "delivered"})) == []


def test_by_day(filled: PipelineHarness) -> None:
    yesterday = (datetime.now(operators_zone()) - timedelta(hours=24, minutes=1)).date().isoformat()
    assert "e3" in flat(pages(filled, {"day": yesterday}))


def test_by_status_and_day_together(filled: PipelineHarness) -> None:
    now = datetime.now(operators_zone())
    for number in (0, 3, 6, 9):
        day = (now - timedelta(hours=8 * number, minutes=1)).date().isoformat()
        assert f"e{number}" in flat(pages(filled, {"status": "excluded", "day": day, "limit": "1"}))
    assert flat(pages(filled, {"status": "excluded", "day": "2020-01-01"})) == []


@pytest.mark.parametrize("more", [{}, {"status": "received"}])
@pytest.mark.parametrize("limit", ["1", "2", "100"])
def test_by_agent_pages_neither_lose_nor_repeat(filled: PipelineHarness, limit: str, more: dict[str, str]) -> None:
    now = datetime.now(UTC)
    for number in range(5):
        filled.aws.events.add(any_incoming(f"a{number}", agent_id="other"), now=now - timedelta(hours=7 * number))
    found = pages(filled, {"agent_id": "other", "limit": limit} | more)
    assert flat(found) == [f"a{number}" for number in range(5)]
    assert max(len(page) for page in found) <= int(limit)
    assert flat(pages(filled, {"agent_id": "nobody"})) == []


def test_a_row_tells_what_a_list_needs(filled: PipelineHarness) -> None:
    row = json.loads(filled.call_api("GET", "/api/events", {"limit": "1"})["body"])["events"][0]
    assert (row["event_id"], row["status"], row["status_reason"]) == ("e0", "excluded", "busy")
    assert (row["contact"], row["topic"], row["quality_score"]) == ({}, None, None)


def test_between_two_moments_the_first_belongs_and_the_last_does_not(filled: PipelineHarness) -> None:
    moments = {row["event_id"]: row["received_at"] for row in everything(filled)}
    between = {"since": moments["e6"], "until": moments["e2"]}
    assert flat(pages(filled, between | {"limit": "2"})) == ["e3", "e4", "e5", "e6"]
    assert flat(pages(filled, between | {"status": "excluded"})) == ["e3", "e6"]


def everything(pipeline: PipelineHarness) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(pipeline.call_api("GET", "/api/events", {})["body"])["events"]
    return rows


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"limit": "0"}, "limit: '0' is not a whole number from 1 to 100."),
        ({"limit": "x"}, "limit: 'x' is not a whole number from 1 to 100."),
        ({"status": "lost"}, "status: the status is none of received, analyzed"),
        ({"day": "yesterday"}, "day: the day is not of the form 2026-01-31."),
        ({"cursor": "x"}, "The cursor is none of this list."),
        ({"cursor": "eyJhIjogMX0"}, "The cursor is none of this list."),
        ({"cursor": DEEP}, "The cursor is none of this list."),
        ({"cursor": "eyJkYXkiOnsiUyI6IngifX0"}, "The cursor is none of this list."),
        ({"cursor": "eyJkYXkiOnsiUyI6IngifX0", "status": "excluded"}, "The cursor is none of this list."),
    ],
)
def test_a_wrong_question_is_answered_in_one_sentence(
    filled: PipelineHarness, query: dict[str, str], says: str
) -> None:
    answer = filled.call_api("GET", "/api/events", query)
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["detail"].startswith(says)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/events/nobody", 404),
        ("POST", "/api/events/nobody/resend-crm", 404),
        ("GET", "/api/nothing", 404),
        ("DELETE", "/api/events", 405),
        ("GET", "/api/events/e1/resend-crm", 405),
    ],
)
def test_what_is_not_there(filled: PipelineHarness, method: str, path: str, status: int) -> None:
    answer = filled.call_api(method, path)
    assert answer["statusCode"] == status
    assert answer["headers"]["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("token", [None, "", "wrong"])
@pytest.mark.parametrize("path", ["/api/events", "/api/events/e1", "/api/nothing"])
def test_without_a_token_nothing_is_told(filled: PipelineHarness, path: str, token: str | None) -> None:
    answer = filled.call_api("GET", path, token=token)
    assert answer["statusCode"] == 401
    assert answer["headers"]["www-authenticate"] == "Bearer"
