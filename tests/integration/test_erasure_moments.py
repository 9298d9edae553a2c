"""An erasure and another worker, at each moment of one another: nobody's number leads anywhere afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from postcall.aws import clients
from postcall.domain.event_id import KEY_NAMESPACE, body_id
from tests.contract.stored import items
from tests.integration.conftest import PipelineHarness
from tests.integration.operations.harness import OperationsHarness
from tests.integration.test_erased_persons import REASON, Person, bring, call_of, holds, kept
from tests.integration.test_erasures_again import backup, restore, run_again
from tests.support.aws import BUCKET, EVENTS
from tests.support.builders import any_webhook, encoded

Act = Callable[[], object]


def ways(*ways: str) -> pytest.MarkDecorator:
    """The first in each run, the others in the long one."""
    return pytest.mark.parametrize("way", [ways[0], *(pytest.param(way, marks=pytest.mark.long) for way in ways[1:])])


class Died(BaseException):
    """The worker's process ends here."""


def die() -> None:
    raise Died


@contextmanager
def at_request(number: int, act: Act) -> Iterator[list[str]]:
    """Do something once, right before such a request to the tables or the bucket; what was asked until then."""
    asked: list[str] = []

    def before(model: Any, **_: object) -> None:
        asked.append(model.name)
        if len(asked) == number:
            act()

    stores = (clients.dynamodb(), clients.s3())
    for client in stores:
        client.meta.events.register_first("before-call", before)
    try:
        yield asked
    finally:
        for client in stores:
            client.meta.events.unregister("before-call", before)


def each_moment(work: Callable[[int], Act], meanwhile: Callable[[int], Act]) -> Iterator[tuple[int, bool]]:
    """Prepare and do some work again and again, with something else before its first request, then its second, to the
    last; the number, and whether the work died of it.
    """
    number, ended = 0, False
    while not ended:
        number += 1
        died, prepared = False, work(number)
        with at_request(number, meanwhile(number)) as asked:
            try:
                prepared()
            except Died:
                died = True
        ended = len(asked) < number
        yield number, died
    assert number > 1


def caller(number: int, way: str) -> Person:
    return Person(number, f"37529{1_000_000 + number}", f"own{number}@example.com", way)


def erase(harness: OperationsHarness, person: Person) -> int:
    return harness.call_api("POST", f"/api/events/{event_of(person)}/erase", body=REASON)[0]


def event_of(person: Person) -> str:
    return person.conversation + (":call_initiation_failure" if person.way_of_call == "failed" else "")


def leftovers(person: Person) -> list[str]:
    """What leads to an erased call or holds it."""
    event_id = event_of(person)
    keys = [key for key in items(EVENTS) if key.startswith(KEY_NAMESPACE) and key.endswith(f"/{event_id}")]
    found = clients.s3().list_objects_v2(Bucket=BUCKET, Prefix="payloads/").get("Contents", [])
    objects = [each["Key"] for each in found if event_id.replace(":", "%3A") in each["Key"] and each["Size"]]
    return [*keys, *objects, *({body_id(event_id)} & items(EVENTS).keys())]


def analysed(harness: OperationsHarness, person: Person) -> Person:
    bring(harness, person)
    harness.pipeline.analyse()
    return person


@ways("revised", "answered", "large", "failed")
def test_an_erasure_that_stops_anywhere_is_finished_by_the_next_one(pipeline: PipelineHarness, way: str) -> None:
    harness = OperationsHarness(pipeline)

    def work(number: int) -> Act:
        person = analysed(harness, caller(number, way))
        return lambda: erase(harness, person)

    for number, _ in each_moment(work, lambda _: die):
        assert erase(harness, caller(number, way)) == 200
        assert leftovers(caller(number, way)) == [], number


@ways("revised", "answered")
def test_an_erasure_that_stopped_is_finished_by_running_the_record_again(pipeline: PipelineHarness, way: str) -> None:
    harness = OperationsHarness(pipeline)

    def work(number: int) -> Act:
        person = analysed(harness, caller(number, way))
        return lambda: erase(harness, person)

    for number, died in each_moment(work, lambda _: die):
        event = harness.event(caller(number, way).conversation)
        registered = clients.s3().list_objects_v2(Bucket=BUCKET, Prefix=f"erasures/event/{event['event_id']}/")
        if died and not registered["KeyCount"]:
            continue  # nobody knows of it but who asked, and was told that it failed
        run_again(harness)
        assert leftovers(caller(number, way)) == [], number
        assert harness.event(caller(number, way).conversation)["erasure"]["complete"], number


@ways("answered", "large")
def test_another_content_that_comes_during_an_erasure_leads_to_nobody(pipeline: PipelineHarness, way: str) -> None:
    harness = OperationsHarness(pipeline)

    def work(number: int) -> Act:
        person = analysed(harness, caller(number, way))
        return lambda: erase(harness, person)

    def another_content(number: int) -> Act:
        other = call_of(Person(number, f"37544{1_000_000 + number}", "other@example.com", way))
        return lambda: harness.webhook(encoded(other))

    for number, _ in each_moment(work, another_content):
        assert erase(harness, caller(number, way)) == 200
        assert leftovers(caller(number, way)) == [], number


@ways("revised", "answered", "large", "failed")
def test_an_erasure_during_intake_leaves_nothing(pipeline: PipelineHarness, way: str) -> None:
    harness = OperationsHarness(pipeline)

    def work(number: int) -> Act:
        person = caller(number, way)
        if way == "revised":
            harness.webhook(encoded(any_webhook(person.conversation, metadata={}, transcript=[])))
            return lambda: harness.webhook(encoded(call_of(person)))
        return lambda: bring(harness, person)

    def twice_and_erased(number: int) -> Act:
        person = caller(number, way)

        def act() -> None:  # its repeat overtakes the first, and is erased at once
            if way != "revised":
                bring(harness, person)
            assert erase(harness, person) == 200

        return act

    for number, _ in each_moment(work, twice_and_erased):
        person = caller(number, way)
        if harness.event(event_of(person))["erased_at"] is None:  # it came after the last request
            assert erase(harness, person) == 200
        assert leftovers(person) == [], number


def test_an_erasure_during_the_analysis_leaves_nothing(pipeline: PipelineHarness) -> None:
    harness = OperationsHarness(pipeline)

    def work(number: int) -> Act:
        bring(harness, caller(number, "answered"))
        return pipeline.analyse

    for number, _ in each_moment(work, lambda number: lambda: erase(harness, caller(number, "answered"))):
        erase(harness, caller(number, "answered"))
        assert leftovers(caller(number, "answered")) == [], number


@ways("revised", "failed")
def test_whose_webhook_was_stored_is_found_wherever_its_worker_stopped(pipeline: PipelineHarness, way: str) -> None:
    harness = OperationsHarness(pipeline)

    def work(number: int) -> Act:
        person = caller(number, way)
        if way == "revised":
            harness.webhook(encoded(any_webhook(person.conversation, metadata={}, transcript=[])))
            pipeline.analyse()
            return lambda: harness.webhook(encoded(call_of(person)))
        return lambda: bring(harness, person)

    for number, _ in each_moment(work, lambda _: die):
        event = pipeline.aws.events.get(event_of(caller(number, way)))
        is_stored = event is not None and (way == "failed" or event.revision_count == 1)
        assert bool(found(harness, caller(number, way))) >= is_stored, number


def found(harness: OperationsHarness, person: Person) -> list[str]:
    shown = harness.call_api("POST", "/api/erase-person", body={"phone": f"+{person.digits}", "preview": True})[1]
    return [*shown["own"], *shown["mentioned"]]


@pytest.mark.parametrize("order", [("weaker", "stronger"), ("stronger", "weaker")])
def test_whose_call_stepped_back_before_anybody_read_it_is_found(
    pipeline: PipelineHarness, order: tuple[str, str]
) -> None:
    harness, person = OperationsHarness(pipeline), caller(1, "answered")
    signed = encoded(any_webhook(person.conversation, metadata={}, transcript=[]))
    bringing = {
        "weaker": lambda: _own_system(harness, person.conversation, person),
        "stronger": lambda: harness.webhook(signed),
    }
    for each in order:
        bringing[each]()  # type: ignore[no-untyped-call]
    pipeline.analyse()
    assert found(harness, person) == [person.conversation]
    done = harness.call_api("POST", "/api/erase-person", body={"phone": f"+{person.digits}"} | REASON)[1]
    assert done["complete"]
    assert found(harness, person) == []


def _own_system(harness: OperationsHarness, event_id: str, person: Person) -> None:
    turns = [{"role": "user", "message": "Здравствуйте."}]
    call = {"event_id": event_id, "transcript": turns, "contacts": {"phone": f"+{person.digits}"}}
    headers = {"Authorization": "Bearer invented-operator-token"}
    assert harness.pipeline.post("/api/analyze", encoded(call), headers)["statusCode"] < 300


def test_whose_call_was_closed_before_anybody_read_it_is_found(pipeline: PipelineHarness) -> None:
    harness, person = OperationsHarness(pipeline), caller(1, "answered")
    bring(harness, person)
    status, _ = harness.call_api("POST", f"/api/events/{person.conversation}/close", body={"reason": "A test call."})
    assert status == 200
    pipeline.analyse()
    assert found(harness, person) == [person.conversation]


def test_a_body_that_was_emptied_does_not_stop_an_erasure_after_a_restore(pipeline: PipelineHarness) -> None:
    harness = OperationsHarness(pipeline)
    person = caller(1, "revised")
    bring(harness, person)
    pipeline.analyse()
    before = backup()
    (key,) = [each["Key"] for each in clients.s3().list_objects_v2(Bucket=BUCKET, Prefix="payloads/")["Contents"]]
    assert erase(harness, person) == 200
    clients.s3().put_object(Bucket=BUCKET, Key=key, Body=b"")  # as intake leaves what came too late
    restore(before)
    (answer,) = run_again(harness)
    assert (answer["erased"], answer["refused"]) == ([person.conversation], [])
    assert not holds(kept(), person)
