"""What `doctor` concludes, and that it goes on to the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.fakes.api_server import ApiServer, Reply
from tests.unit.cli.conftest import Terminal, detail, english_sentences, event
from tools.postcall import language
from tools.postcall.checks import Check, State, ages_of, attention_checks, health_checks, queue_checks, settings_checks
from tools.postcall.dispatch_commands import Dispatch
from tools.postcall.errors import NotAllowed
from tools.postcall.first_day import Seen, items

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SENDING = {
    "EXTERNAL_CRM_ENABLED": True,
    "EXTERNAL_CRM_DRY_RUN": False,
    "CRM_SERVICE_URL": "https://crm.example.com/0/x",
    "CRM_WIRE_FORMAT": "letter",
    "CRM_DEDUPLICATION": "none",
}
ANSWERED = {"transport": "answered", "http_status": 200, "duration_ms": 40, "error": ""}
WEBHOOK = {"status": "done", "missing": False, "disabled": False, "failing": False, "retries_off": False}


def health(**members: Any) -> dict[str, Any]:
    return {
        "breaker": {"state": "closed"},
        "stuck": [],
        "search": True,
        "webhook": {"made_at": "2026-11-24T11:50:00.000Z", "report": WEBHOOK},
        "reconciliation": {"made_at": "2026-11-24T11:50:00.000Z", "report": {"status": "done", "taken_in": 0}},
    } | members


def test_dead_letters_are_told_by_age() -> None:
    hours_ago = (0.5, 3, 30, 40)
    messages = [{"since": (NOW - timedelta(hours=hours)).isoformat()} for hours in hours_ago]
    report = ages_of([*messages, {"since": None}], NOW)
    assert report == "1 of the last hour, 1 of the last day, 2 older, the oldest since 2026-11-22 20:00 UTC"
    depths = {"dispatch": {"waiting": 0, "in_flight": 0, "dead_letters": 5}}
    (check,) = queue_checks(depths, {"dispatch": report})
    assert report in check.found


def first_day(api: ApiServer, terminal: Terminal, *calls: dict[str, Any], **webhook: bool) -> dict[str, str]:
    """The list as a program gets it, in an environment whose calls come by the webhook; what is still to do by its
    words, nothing where it is done.
    """
    listed = list(calls) or [event("conv_1", source="elevenlabs"), event("conv_2", source="api")]
    report = health() | {"webhook": {"made_at": "2026-11-24T11:50:00.000Z", "report": WEBHOOK | webhook}}
    api.on("GET", "/api/events", {"events": listed, "next_cursor": None})
    for each in listed:
        api.on("GET", f"/api/events/{each['event_id']}", detail())
    api.on("GET", "/api/health", report)
    api.on("GET", "/api/queues", {"dispatch": {"waiting": 0, "in_flight": 0, "dead_letters": 0}})
    nobody = {"groups": [], "waiting": 0, "complete": True, "resting": {}, "quarantine": {}}
    api.on("GET", "/api/attention", nobody)
    terminal.run("--json", "doctor", "--first-day")
    return {item["what"]: item.get("todo", "") for item in terminal.document["list"]}


def test_the_first_day_s_list_is_ticked_by_what_the_environment_shows(api: ApiServer, terminal: Terminal) -> None:
    todo = first_day(api, terminal, retries_off=True)
    done = {what for what, left in todo.items() if not left}
    assert {
        "The API answers and takes your token",
        "ElevenLabs has the webhook, switched on",
        "Transcripts come as JSON, nothing in an unknown form",
        "Agent Анна (agent_1): its webhooks come, as JSON",
        "A lead was delivered",
    } <= done
    assert todo["Its retries are on"] == "Switch retries on in ElevenLabs."
    assert todo["Leads go out"]  # without AWS credentials nobody has seen it


OTEL = "post_call_transcription_otel"


@pytest.mark.parametrize(
    ("calls", "todo"),
    [
        ([], "No call of it came yet"),
        ([{"source": "elevenlabs"}], ""),
        ([{"source": "reconciliation"}], "only found by reconciliation"),
        ([{"source": "elevenlabs", "type": OTEL}], "set transcript_format to json in its override"),
        ([{"source": "elevenlabs"}, {"source": "elevenlabs", "type": OTEL}], ""),  # the newest says how it is now
        ([{"source": "elevenlabs"}, {"source": "reconciliation"}], ""),
    ],
)
def test_each_agent_has_a_line_of_its_own(calls: list[dict[str, Any]], todo: str) -> None:
    seen = Seen([], {}, [event(f"conv_{number}", **each) for number, each in enumerate(calls)], {}, ["agent_1"])
    (line,) = [item for item in items(seen) if item.step == "7.4"]
    assert todo in line.todo
    assert bool(line.todo) is bool(todo)


def test_an_agent_that_nobody_named_has_a_line_once_it_has_called_and_a_test_call_is_no_agent_s() -> None:
    calls = [event("a", agent_id="agent_9", agent_name=None), event("b", agent_id="uat-agent", source="api")]
    assert [item.what for item in items(Seen([], {}, calls, {})) if item.step == "7.4"] == [
        "Agent agent_9: its webhooks come, as JSON"
    ]


@pytest.mark.parametrize(
    ("kinds", "what", "todo"),
    [
        ({"signature": 1}, "A call came by a signed webhook", "compare the HMAC secret"),
        ({"vendor": 1}, "A call came by a signed webhook", "compare the HMAC secret"),
        ({"unknown_type": 1}, "Transcripts come as JSON", "transcript_format"),
    ],
)
def test_what_was_quarantined_keeps_a_line_open(kinds: dict[str, int], what: str, todo: str) -> None:
    (line,) = [item for item in items(Seen([], {}, [event()], kinds)) if item.what.startswith(what)]
    assert todo in line.todo


def test_two_webhooks_that_end_in_our_path_must_be_told_apart() -> None:
    webhook = WEBHOOK | {"webhooks": [{"name": "uat"}, {"name": "prod"}]}
    assert "webhook_url" in {item.step: item.todo for item in items(Seen([], webhook, [], {}))}["7.7"]


@pytest.mark.parametrize("command", ["doctor", "doctor --first-day"])
@pytest.mark.parametrize("width", [80, 160])
def test_in_russian_no_english_sentence_is_left(
    api: ApiServer, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, command: str, width: int
) -> None:
    first_day(api, terminal, retries_off=True)
    monkeypatch.setenv(language.VARIABLE, "ru")
    terminal.width = width
    terminal.run(*command.split())
    assert english_sentences(terminal.shown) == []


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_a_healthy_environment_is_well() -> None:
    assert {check.state for check in health_checks(health(), now=NOW)} == {State.WELL}


def checked(settings: dict[str, Any], reached: dict[str, Any], *, ends: str | None = None) -> list[Check]:
    return settings_checks(settings, reached, authority_ends=ends, now=NOW)


@pytest.mark.parametrize(
    ("members", "name", "state"),
    [
        ({"breaker": {"state": "open"}}, "circuit", State.WRONG),
        ({"breaker": {"state": "half_open"}}, "circuit", State.WATCH),
        ({"stuck": ["conv_1"]}, "stalled events", State.WRONG),
        ({"search": False}, "search", State.WATCH),
        ({"webhook": None}, "webhook", State.UNSEEN),
        ({"webhook": {"report": {"status": "unknown", "reason": "not an administrator's"}}}, "webhook", State.WATCH),
        ({"webhook": {"report": WEBHOOK | {"missing": True}}}, "webhook", State.WRONG),
        ({"webhook": {"report": WEBHOOK | {"disabled": True}}}, "webhook", State.WRONG),
        ({"webhook": {"report": WEBHOOK | {"failing": True}}}, "webhook", State.WRONG),
        ({"webhook": {"report": WEBHOOK | {"retries_off": True}}}, "webhook", State.WATCH),
        ({"reconciliation": None}, "reconciliation", State.WATCH),
        ({"reconciliation": {"made_at": "2026-11-24T09:00:00.000Z", "report": {}}}, "reconciliation", State.WRONG),
        (
            {"reconciliation": {"made_at": "2026-11-24T11:59:00.000Z", "report": {"status": "unavailable"}}},
            "reconciliation",
            State.WATCH,
        ),
    ],
)
def test_each_trouble_is_told_with_a_remedy(members: dict[str, Any], name: str, state: State) -> None:
    found = by_name(health_checks(health(**members), now=NOW))[name]
    assert found.state is state
    assert found.todo or state is State.WATCH


@pytest.mark.parametrize(
    ("reached", "state", "says"),
    [
        (ANSWERED, State.WELL, "40 ms"),
        (ANSWERED | {"http_status": 405}, State.WELL, "reached"),
        (ANSWERED | {"http_status": 404}, State.WRONG, "HTTP 404"),
        (ANSWERED | {"http_status": 302}, State.WRONG, "elsewhere"),
        ({"transport": "not_sent", "error": "ConnectTimeout"}, State.WRONG, "ConnectTimeout"),
        ({"transport": "certificate_refused", "error": "self-signed certificate"}, State.WRONG, "not trusted"),
    ],
)
def test_the_crm_is_judged_by_a_request_that_saves_nothing(reached: dict[str, Any], state: State, says: str) -> None:
    found = by_name(checked(SENDING, reached))["CRM"]
    assert found.state is state
    assert says in found.found


@pytest.mark.parametrize(
    ("settings", "says"),
    [({"EXTERNAL_CRM_ENABLED": False}, "switched off"), ({"EXTERNAL_CRM_DRY_RUN": True}, "dry run")],
)
def test_leads_that_do_not_go_out_are_worth_a_word(settings: dict[str, Any], says: str) -> None:
    found = by_name(checked(SENDING | settings, ANSWERED))["sending"]
    assert found.state is State.WATCH
    assert says in found.found


def test_dead_letters_and_unknown_outcomes_are_wrong() -> None:
    depth = {"waiting": 0, "in_flight": 0, "dead_letters": 1}
    assert queue_checks({"dispatch": depth})[0].state is State.WRONG
    assert "redrive dispatch --preview" in queue_checks({"dispatch": depth})[0].todo


def test_people_s_work_is_counted_in_full_and_by_what_it_is() -> None:
    groups = [
        {"status": "unknown", "count": 2},
        {"status": "rejected", "count": 157},
        {"status": "rejected", "count": 3},
    ]
    found = by_name(
        attention_checks({"groups": groups, "resting": {"disabled": 0, "dry_run": 7}, "quarantine": {"signature": 4}})
    )
    assert found["unknown leads"].state is State.WRONG
    assert found["rejected leads"].found == "160 event(s) wait for a person"
    assert found["dry_run events"].found == "7 were not sent"
    assert "disabled events" not in found
    assert found["webhook secret"].state is State.WRONG
    well = attention_checks({"groups": [], "resting": {}, "quarantine": {}})
    assert {check.state for check in well} == {State.WELL}


def test_the_whole_way_is_looked_at(api: ApiServer, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dispatch, "settings", lambda _: {"settings": SENDING, "field_map": []})
    monkeypatch.setattr(Dispatch, "probe", lambda *_: ANSWERED)
    api.on("GET", "/api/events", {"events": [event()], "next_cursor": None})
    api.on("GET", "/api/events/conv_1", detail())
    api.on("GET", "/api/health", Reply(503, {"detail": "The ledger cannot be read."}))
    depth = {"waiting": 0, "in_flight": 0, "dead_letters": 0}
    api.on("GET", "/api/queues", {"analysis": depth, "dispatch": depth})
    assert terminal.run("--json", "doctor") == 1
    found = {check["name"]: check["state"] for check in terminal.document["checks"]}
    assert found["health"] == "wrong"
    assert (found["API"], found["dispatch queue"], found["CRM"]) == ("well", "well", "well")


def test_without_aws_credentials_the_crm_is_not_seen_and_that_is_no_fault(
    api: ApiServer, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Dispatch) -> Any:
        raise NotAllowed("There are no AWS credentials.")

    monkeypatch.setattr(Dispatch, "settings", refused)
    api.on("GET", "/api/events", {"events": [], "next_cursor": None})
    assert terminal.run("--json", "doctor") == 0
    found = {check["name"]: check["state"] for check in terminal.document["checks"]}
    assert found["CRM"] == "not seen"
    assert found["model"] == "not seen"


def test_a_wrong_token_ends_the_examination(api: ApiServer, terminal: Terminal) -> None:
    api.on("GET", "/api/events", Reply(401, {"detail": "A valid bearer token is needed."}))
    assert terminal.run("--json", "doctor") == 1
    assert [check["name"] for check in terminal.document["checks"]] == ["token"]


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        ("2027-11-24T12:00:00.000Z", State.WELL),
        ("2026-12-20T12:00:00.000Z", State.WATCH),
        ("2026-11-24T11:59:59.000Z", State.WRONG),
    ],
)
def test_the_end_of_the_crms_own_authority_is_watched(ends: str, state: State) -> None:
    found = by_name(checked(SENDING, ANSWERED, ends=ends))["CRM's CA"]
    assert found.state is state
    assert bool(found.todo) is (state is not State.WELL)


def test_without_a_file_of_authorities_there_is_none_to_watch() -> None:
    assert "CRM's CA" not in by_name(checked(SENDING, ANSWERED))
