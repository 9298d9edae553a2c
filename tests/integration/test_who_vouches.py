"""Two calls of one id from two sources, in either order: the stronger one becomes a lead, the other steps back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from postcall.aws import clients
from postcall.aws.event_states import EventStates
from postcall.domain.event import Source
from postcall.domain.event_id import RESERVED, api_event_id
from tests.integration.conftest import TOKEN, PipelineHarness
from tests.integration.operations.harness import CONTACTS, TURNS, OperationsHarness
from tests.support.aws import EVENTS
from tests.support.builders import CONVERSATION, any_webhook, encoded

WEAK, STRONG = "Weak Caller", "Иван Петров"
KEYS = {Source.API: api_event_id(CONVERSATION), Source.ELEVENLABS: CONVERSATION, Source.RECONCILIATION: CONVERSATION}
STRENGTH = [Source.API, Source.RECONCILIATION, Source.ELEVENLABS]
Bring = Callable[[Source], str]


@pytest.fixture
def harness(pipeline: PipelineHarness) -> OperationsHarness:
    return OperationsHarness(pipeline)


@pytest.fixture
def bring(harness: OperationsHarness) -> Bring:
    """Bring a call under the same id from a source; what its sender is told."""

    def brought(source: Source) -> str:
        if source is Source.API:
            call = {"event_id": CONVERSATION, "transcript": TURNS, "contacts": CONTACTS | {"full_name": WEAK}}
            answer = harness.pipeline.post(
                "/api/analyze", json.dumps(call).encode(), {"Authorization": f"Bearer {TOKEN}"}
            )
            assert json.loads(answer["body"])["event_id"] == CONVERSATION
            return str(json.loads(answer["body"])["status"])
        if source is Source.ELEVENLABS:
            return str(harness.webhook()[1]["status"])

        order = {"command": "ingest", "envelope": any_webhook(), "source": source.value}
        return str(clients.functions()._handlers["intake"](order, None)["status"])  # type: ignore[attr-defined]  # the fake

    return brought


def run(pipeline: PipelineHarness) -> None:
    for _ in range(3):
        pipeline.analyse()
        pipeline.dispatch()


def stored(harness: OperationsHarness, key: str) -> Any:
    event = harness.pipeline.aws.events.get(key)
    assert event is not None, key
    return event


PAIRS = [(first, second) for first in STRENGTH for second in STRENGTH]


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize("is_sent_between", [False, True])
def test_the_stronger_ones_call_becomes_a_lead(
    harness: OperationsHarness, bring: Bring, first: Source, second: Source, *, is_sent_between: bool
) -> None:
    bring(first)
    if is_sent_between:
        run(harness.pipeline)
    bring(second)
    run(harness.pipeline)
    strongest = max(first, second, key=STRENGTH.index)
    winner = stored(harness, KEYS[strongest])
    assert winner.status == "delivered"
    assert winner.superseded_by is None
    sent = [str(lead) for lead in harness.pipeline.crm.leads()]
    assert any(WEAK in lead for lead in sent) is (strongest is Source.API or (first is Source.API and is_sent_between))
    assert len(sent) == (2 if first is Source.API is not strongest and is_sent_between else 1)


@pytest.mark.parametrize("strong", [Source.ELEVENLABS, Source.RECONCILIATION])
@pytest.mark.parametrize("is_first", [False, True])
def test_the_weaker_one_is_marked_and_both_are_named(
    harness: OperationsHarness, bring: Bring, capsys: pytest.CaptureFixture[str], strong: Source, *, is_first: bool
) -> None:
    harness.pipeline.set(
        POWERTOOLS_SERVICE_NAME=f"vouch-{strong}-{is_first}"
    )  # a logger of its own: the captured output
    report = [bring(source) for source in ((strong, Source.API) if is_first else (Source.API, strong))]
    assert report == (["received", "duplicate"] if is_first else ["received", "received"])
    weak = stored(harness, KEYS[Source.API])
    assert (weak.status, weak.superseded_by) == ("excluded", CONVERSATION)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if '"intake.superseded"' in line]
    assert (json.loads(line)["event_id"], json.loads(line)["superseded"]) == (CONVERSATION, KEYS[Source.API])
    bring(strong)
    bring(Source.API)
    assert '"intake.superseded"' not in capsys.readouterr().out


def test_each_of_the_two_can_be_looked_at_and_links_to_the_other(harness: OperationsHarness, bring: Bring) -> None:
    bring(Source.API)
    bring(Source.ELEVENLABS)
    signed, own = harness.event(CONVERSATION), harness.event(api_event_id(CONVERSATION))
    assert (signed["source"], signed["event_id"], signed["namesake"]) == ("elevenlabs", CONVERSATION, own["event_id"])
    assert (own["source"], own["event_id"], own["namesake"]) == ("api", api_event_id(CONVERSATION), CONVERSATION)
    listed = harness.call_api("GET", "/api/events")[1]["events"]
    assert {event["event_id"] for event in listed} == {CONVERSATION, api_event_id(CONVERSATION)}


def test_a_call_of_our_own_is_shown_and_sent_under_the_id_its_bringer_gave(harness: OperationsHarness) -> None:
    harness.bring("demo-1")
    assert harness.event("demo-1")["event_id"] == "demo-1"
    (lead,) = harness.pipeline.crm.leads()
    assert "event=demo-1," in str(lead)
    assert api_event_id("demo-1") not in str(lead)
    assert harness.call_api("POST", "/api/search", body={"query": "demo-1"})[1]["events"][0]["event_id"] == "demo-1"
    for path in ("/api/events/demo-1", "/api/events/demo-1/call", "/api/events/api%2Fdemo-1", "/api/events/api/demo-1"):
        assert harness.call_api("GET", path)[0] == 200, path
    status, ordered = harness.call_api("POST", "/api/events/demo-1/resend-crm", query={"force": "true"})
    assert (status, ordered["event_id"]) == (202, "demo-1")
    assert (
        harness.call_api("POST", "/api/events/demo-1/resolve", body={"outcome": "delivered", "reason": "Seen."})[1][
            "event_id"
        ]
        == "demo-1"
    )
    assert (
        harness.call_api("POST", "/api/events/demo-1/erase", body={"reason": "Asked for."})[1]["event_id"] == "demo-1"
    )


def test_a_conversation_that_only_our_own_system_brought_is_missing_to_reconciliation(
    harness: OperationsHarness, bring: Bring
) -> None:
    bring(Source.API)
    assert harness.pipeline.aws.events.find(CONVERSATION) is not None

    states = EventStates(clients.dynamodb(), EVENTS)
    assert states.states([CONVERSATION]) == {}
    bring(Source.RECONCILIATION)
    assert set(states.states([CONVERSATION, api_event_id(CONVERSATION)])) == {CONVERSATION}


@pytest.mark.parametrize("event_id", ["a/b", "a/b/call", "x/resend-crm", "%2F", "a b", "ы/?#"])
def test_an_id_with_a_slash_is_reached_everywhere(harness: OperationsHarness, event_id: str) -> None:

    harness.webhook(encoded(any_webhook(event_id)))
    run(harness.pipeline)
    quoted = quote(event_id, safe="")
    assert harness.event(event_id)["event_id"] == event_id
    assert harness.call_api("GET", f"/api/events/{quoted}/call")[0] == 200
    assert harness.call_api("POST", f"/api/events/{quoted}/resend-crm")[0] == 409
    assert harness.call_api("POST", f"/api/events/{quoted}/reanalyze", body={"reason": "Wrong."})[0] == 202
    assert harness.call_api("POST", f"/api/events/{quoted}/erase", body={"reason": "Asked for."})[0] == 200


@pytest.mark.parametrize("namespace", RESERVED)
def test_a_signed_call_reaches_no_id_of_our_own_namespaces(harness: OperationsHarness, namespace: str) -> None:
    event_id = f"{namespace}demo-1"
    assert harness.webhook(encoded(any_webhook(event_id)))[0] == 400
    assert harness.pipeline.aws.events.get(event_id) is None


@pytest.mark.parametrize(
    "event_id",
    [
        "+375291234567",
        "375291234567",
        "8-029-123-45-67",
        "+12025550123",
        "user@example.com",
        "tel.8029.1234567@x.by",
        "tel:+375291234567",
    ],
)
def test_an_id_that_is_a_phone_or_an_address_is_refused(harness: OperationsHarness, event_id: str) -> None:
    body = json.dumps({"event_id": event_id, "transcript": TURNS}).encode()
    answer = harness.pipeline.post("/api/analyze", body, {"Authorization": f"Bearer {TOKEN}"})
    assert answer["statusCode"] == 400
    assert "event_id" in answer["body"]
    assert event_id not in answer["body"]


@pytest.mark.parametrize("member", ["agent_id", "conversation_id"])
@pytest.mark.parametrize("value", ["+375291234567", "user@example.com"])
def test_no_other_id_is_a_phone_or_an_address_either(harness: OperationsHarness, member: str, value: str) -> None:
    body = json.dumps({"event_id": "demo-1", "transcript": TURNS, member: value}).encode()
    answer = harness.pipeline.post("/api/analyze", body, {"Authorization": f"Bearer {TOKEN}"})
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (400, "call.id_is_a_contact")
    assert (member in answer["body"], value in answer["body"]) == (True, False)


@pytest.mark.parametrize("event_id", ["demo-1", "call-375291234567", "2026-11", "lead@crm", "123456789", "a1@2"])
def test_an_id_that_is_none_is_taken(harness: OperationsHarness, event_id: str) -> None:
    body = json.dumps({"event_id": event_id, "transcript": TURNS}).encode()
    assert harness.pipeline.post("/api/analyze", body, {"Authorization": f"Bearer {TOKEN}"})["statusCode"] == 202
