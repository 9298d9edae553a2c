"""What a flood's two phases tell, from runs that are invented; and what stands of it in docs/capacity.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tools.verify.flood.bill import PAGE, of_a_post, page, section
from tools.verify.flood.figures import figures
from tools.verify.flood.forged import HEADERS, forged, kinds, made
from tools.verify.flood.phases import Flood, Phases
from tools.verify.load.audit import Lead, Stored, audited
from tools.verify.load.drain import Drained
from tools.verify.load.measured import Cost, Run
from tools.verify.load.sending import Sent
from tools.verify.load.webhooks import Webhooks
from tools.verify.report.record import RUNS_FOLDER
from tools.verify.report.records import read_record

FLOOD = Flood(forged=1_000, genuine=2, rate=50)


def a_phase(seed: int, *, seconds: float, writes: Mapping[str, int], leads: int = 2) -> Run:
    plan = FLOOD.calls(seed)
    ids = plan.event_ids
    sent = Sent(2, [seconds] * 2, dict.fromkeys(ids, 0.0), dict.fromkeys(ids, 0.0))
    sent.statuses.update({200: 2})
    sent.took = FLOOD.seconds
    there = [Lead(name, name, 0.0) for name in ids[:leads]]
    stored = {lead.event_id: Stored(lead.event_id, "delivered") for lead in there}
    return Run(
        plan=plan,
        sent=sent,
        looks=[],
        drained=Drained(),
        drained_from=0.0,
        findings=audited(ids, sent.acknowledged, there, stored),
        leads=there,
        stored=stored,
        costs=(Cost(0, {"intake": 1.0}, {}), Cost(1, {}, {}), Cost(2, {"intake": 2.0 + seed}, {}, dict(writes))),
        body_bytes=26_000,
        report={},
    )


def a_flood(statuses: Mapping[int, int], *, writes: int = 10, seconds: float = 0.1, leads: int = 2) -> Phases:
    """Ten writes of the calls' own in either phase; `writes` of the flood beside them, and what sweeps write."""
    sent = Sent(FLOOD.forged, statuses=Counter(statuses), took=FLOOD.seconds)
    own = {"postcall-local-webhook_events PutItem": 10, "postcall-local-webhook_events TransactWriteItems": 10}
    quiet = a_phase(1, seconds=0.1, writes=own)
    swept = {"postcall-local-webhook_events UpdateItem": 999, "postcall-local-ledgers PutItem": 999}
    busy = a_phase(2, seconds=seconds, writes=own | swept | {"postcall-local-quarantine PutItem": writes}, leads=leads)
    return Phases(quiet, busy, sent, log_bytes=(1_000, 301_000))


def test_the_flood_is_what_the_second_phase_has_more_than_the_first() -> None:
    found = figures(a_flood({401: 1_000}))
    assert found.figures["writes_of_the_flood"] == 10
    assert found.figures["writes_a_forged_post"] == 0.01
    assert found.figures["writes_a_minute_of_flood"] == 30
    assert found.figures["target_met_from_posts_a_second"] == 25
    assert found.figures["log_bytes_a_forged_post"] == 300
    assert found.figures["intake_cpu_ms_a_forged_post"] == 1
    assert found.figures["ack_p50_times_its_quiet_time"] == 1
    assert found.missed == []


def test_what_breaks_a_promise_is_named() -> None:
    def missed(phases: Phases) -> list[str]:
        return [target.figure for target in figures(phases).missed]

    assert missed(a_flood({401: 999, 200: 1})) == ["forged_not_refused"]
    assert missed(a_flood({401: 1_000}, writes=21)) == ["writes_a_forged_post"]
    assert missed(a_flood({401: 1_000}, leads=1)) == ["genuine_not_taken"]
    slow = missed(a_flood({401: 1_000}, seconds=0.21))
    assert slow == ["ack_p50_times_its_quiet_time", "ack_p95_times_its_quiet_time"]


def test_every_kind_of_forgery_comes_as_often_and_all_but_one_with_bytes_of_its_own() -> None:
    posts = kinds(FLOOD.forged)
    assert Counter(posts.values()) == dict.fromkeys(HEADERS, FLOOD.forged / len(HEADERS))
    make = made(posts, Webhooks(secret="s" * 16, now=1_000), now=1_000)
    bodies = Counter(make(name) for name in posts)
    assert sorted(bodies.values())[-2:] == [1, FLOOD.forged / len(HEADERS)]
    assert forged(posts, rate=50).sends[-1].due < FLOOD.seconds


def test_both_phases_have_as_many_calls_over_the_same_time_and_not_the_same_calls() -> None:
    quiet, busy = FLOOD.calls(1), FLOOD.calls(2)
    assert [send.due for send in quiet.sends] == [send.due for send in busy.sends] == [0, 10]
    assert not {*quiet.event_ids} & {*busy.event_ids}


def test_the_page_has_the_bill_of_the_committed_record() -> None:
    found = read_record(RUNS_FOLDER / "flood.json").figures
    text = PAGE.read_text(encoding="utf-8")
    assert page(text, found) == text, "make docs"


def test_the_bill_says_from_which_rate_on_a_post_writes_next_to_nothing() -> None:
    found = figures(a_flood({401: 1_000})).figures | {"log_bytes_a_forged_post": 300}
    assert "from 25.0 posts a second on" in section(found)


def test_a_post_that_writes_and_logs_more_costs_more() -> None:
    post = {"intake_cpu_ms_a_forged_post": 4, "log_bytes_a_forged_post": 300, "writes_a_forged_post": 0.01}
    before = sum(of_a_post(post, 512).values())
    for figure, value in post.items():
        assert sum(of_a_post(post | {figure: 10 * value}, 512).values()) > before, figure
