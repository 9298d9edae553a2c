"""After a person is erased, nothing that we keep holds their digits or their address: over 500 made-up people."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from postcall.aws import clients
from postcall.aws.packing import unpack
from postcall.aws.payloads import Payloads
from tests.integration.conftest import PipelineHarness
from tests.integration.operations.harness import OperationsHarness
from tests.support.aws import ANALYSES, BUCKET, DISPATCHES, EVENTS, QUARANTINE
from tests.support.builders import SECRET, any_webhook, encoded, signature

WAYS = ("answered", "opted_out", "failed", "dictated", "revised", "refused", "own_system", "mentioned", "large")
FEW = 2 * len(WAYS)  # each way once of a person who is erased, and once of one who stays
PEOPLE, AT_ONCE = 504, 42
DISPATCHED, SHOWN_FIRST = 14, 5  # so many of a store go the whole way; every fifth erasure is previewed
REASON = {"reason": "They asked for it."}


@dataclass(frozen=True)
class Person:
    """One made-up person; `digits` and `address` are what must not be found afterwards."""

    number: int
    digits: str
    address: str
    way_of_call: str

    @property
    def conversation(self) -> str:
        return f"conv_of_{'abcdefghij'[self.number % 10]}{self.number}"


def people(seed: int, start: int, many: int) -> list[Person]:
    chance = random.Random(seed)  # noqa: S311 — made-up numbers
    return [
        Person(
            number,
            f"37529{chance.randrange(10**6, 10**7)}" if number % 3 else f"7916{chance.randrange(10**6, 10**7)}",
            f"who{chance.randrange(10**8)}@example.com",
            WAYS[number % len(WAYS)],
        )
        for number in range(start, start + many)
    ]


def written(person: Person, style: int) -> str:
    digits = person.digits
    code, rest = (digits[:3], digits[3:]) if digits.startswith("375") else (digits[:1], digits[1:])
    home = f"80{rest}" if code == "375" else f"8{rest}"
    return (f"+{digits}", f"+{code} ({rest[:2]}) {rest[2:5]}-{rest[5:7]}-{rest[7:]}", home)[style % 3]


def call_of(person: Person) -> dict[str, Any]:
    said = [{"role": "user", "message": f"Мой номер {written(person, person.number)}, почта {person.address}."}]
    line: dict[str, Any] = {"phone_call": {"direction": "inbound", "external_number": f"+{person.digits}"}}
    stranger: dict[str, Any] = {"phone_call": {"direction": "inbound", "external_number": "+375177770000"}}
    match person.way_of_call:
        case "opted_out":
            said.append({"role": "user", "message": "Больше мне не звоните и удалите мой номер."})
        case "dictated" | "mentioned":
            line = stranger
        case "large":
            said.append({"role": "user", "message": random.Random(person.number).randbytes(67_000).hex()})  # noqa: S311
        case _:
            pass
    return any_webhook(person.conversation, metadata=line, transcript=said)


def bring(harness: OperationsHarness, person: Person) -> None:
    call = call_of(person)
    match person.way_of_call:
        case "failed":
            failed = call | {"type": "call_initiation_failure", "data": call["data"] | {"failure_reason": "busy"}}
            harness.webhook(encoded(failed))
        case "own_system":
            contacts = {"phone": f"+{person.digits}", "email": person.address}
            harness.bring(f"own-{person.conversation}", contacts=contacts)
        case "refused":
            body = encoded(call)
            harness.webhook(body, header=signature(body, secret="another", at=time.time()))
        case "revised":
            harness.webhook(encoded(any_webhook(person.conversation, metadata={}, transcript=[])))
            harness.webhook(encoded(call))
        case _:
            harness.webhook(encoded(call))


def kept() -> str:
    """All that tables, bucket and queues hold, as one text in its normal form: bodies unpacked."""
    texts = []
    payloads = Payloads(clients.s3, BUCKET)
    for table in (EVENTS, ANALYSES, DISPATCHES, QUARANTINE):
        for page in clients.dynamodb().get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                texts += [unpack(value["B"]).decode() if "B" in value else str(value) for value in item.values()]
    for listed in clients.s3().get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        keys = [each["Key"] for each in listed.get("Contents", [])]
        texts += keys
        texts += [payloads.load({"payload_key": key}).decode() for key in keys if not key.startswith("erasures/")]
    for url in clients.sqs().list_queues().get("QueueUrls", []):
        answer = clients.sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        texts += [message["Body"] for message in answer.get("Messages", [])]
    return normal("\n".join(texts))


def normal(text: str) -> str:
    """Digits without what groups them."""
    return re.sub(r"(?<=\d)[\s().\-–/]{1,3}(?=\d)", "", text)


def holds(text: str, person: Person) -> bool:
    """Whether a text in its normal form holds a person's number, as abroad or as at home, or address."""
    return any(form in text for form in (person.digits, written(person, 2), person.address))


@pytest.mark.parametrize(
    ("start", "many"),
    [(0, FEW), *(pytest.param(start, AT_ONCE, marks=pytest.mark.long) for start in range(0, PEOPLE, AT_ONCE))],
)
def test_of_an_erased_person_nothing_is_left_and_of_the_others_all(
    pipeline: PipelineHarness, start: int, many: int, capsys: pytest.CaptureFixture[str]
) -> None:
    harness = OperationsHarness(pipeline)
    pipeline.set(POWERTOOLS_SERVICE_NAME=f"erased-{start}", QUARANTINE_ENTRIES_PER_MINUTE="10000")  # a captured logger
    everybody = people(start, start, many)
    for person in everybody[:DISPATCHED]:
        bring(harness, person)
    for _ in range(1 + DISPATCHED // 5):
        pipeline.analyse()
        pipeline.dispatch()
    for person in everybody[DISPATCHED:]:  # of these the messages to dispatch stay in the queue
        bring(harness, person)
    for _ in range(1 + many // 5):
        pipeline.analyse()
    gone, staying = everybody[::2], everybody[1::2]
    before = kept()
    assert all(holds(before, person) for person in everybody)
    for person in gone:
        member = {"email": person.address} if person.number % 4 == 0 else {"phone": written(person, person.number + 1)}
        if person.number % SHOWN_FIRST == 0:
            shown = harness.call_api("POST", "/api/erase-person", body=member | {"preview": True})[1]
            assert shown["own"] + shown["mentioned"] or shown["quarantined"], person
        status, done = harness.call_api("POST", "/api/erase-person", body=member | REASON | {"mentioned": True})
        assert (status, done["complete"]) == (200, True), (person, done)
        bring(harness, person)  # what comes again brings nothing back
        if person.way_of_call == "refused":
            harness.call_api("POST", "/api/erase-person", body=member | REASON | {"mentioned": True})
    after = kept()
    assert [person for person in gone if holds(after, person)] == []
    assert [person for person in staying if not holds(after, person)] == []
    logged = normal("".join(capsys.readouterr()))
    assert [person for person in everybody if holds(logged, person)] == []


def test_a_strangers_call_that_mentions_the_person_stays_unless_it_is_asked_for(pipeline: PipelineHarness) -> None:
    harness = OperationsHarness(pipeline)
    own = Person(0, "375291112233", "own@example.com", "answered")
    other = Person(16, "375177770000", "other@example.com", "answered")
    bring(harness, own)
    call = call_of(other)
    call["data"]["transcript"].append({"role": "agent", "message": f"Номер коллеги: {written(own, 1)}."})
    harness.webhook(encoded(call))
    pipeline.analyse()
    member = {"phone": "+375291112233"}
    shown = harness.call_api("POST", "/api/erase-person", body=member | {"preview": True})[1]
    assert (shown["own"], shown["mentioned"], shown["erased"]) == ([own.conversation], [other.conversation], [])
    done = harness.call_api("POST", "/api/erase-person", body=member | REASON)[1]
    assert (done["erased"], done["mentioned"], done["complete"]) == ([own.conversation], [other.conversation], False)
    assert harness.event(other.conversation)["erased_at"] is None
    done = harness.call_api("POST", "/api/erase-person", body=member | REASON | {"mentioned": True})[1]
    assert (done["erased"], done["complete"]) == ([other.conversation], True)
    assert [each.split(",")[0].split(":")[0] for each in done["not_searched"]] == [
        "The tables' backups",
        "The CRM and ElevenLabs",
        "Numbers that were only spoken in words and that nobody wrote down.",
        "Numbers and addresses beyond the first 200 of a call",
    ]


@pytest.mark.parametrize(("refused", "most"), [(False, 200), (True, 20)], ids=["a call", "a refused webhook"])
def test_of_a_body_with_hundreds_of_numbers_the_first_are_found_as_the_answer_says(
    pipeline: PipelineHarness, *, refused: bool, most: int
) -> None:
    harness = OperationsHarness(pipeline)
    numbers = [f"+37529{2_000_000 + number}" for number in range(most + 5)]
    said = [{"role": "user", "message": "; ".join(numbers)}]
    body = encoded(any_webhook("conv_of_many", metadata={}, transcript=said))
    header = signature(body, secret="another" if refused else SECRET, at=time.time())
    assert harness.webhook(body, header=header)[0] == (401 if refused else 200)
    pipeline.analyse()

    def there(number: str) -> bool:
        shown = harness.call_api("POST", "/api/erase-person", body={"phone": number, "preview": True})[1]
        assert any(f"first {most} of" in each for each in shown["not_searched"])
        return bool(shown["own"] or shown["mentioned"] or shown["quarantined"])

    found = [there(number) for number in (*numbers[:3], *numbers[-5:])]
    assert found[0]
    assert not found[-1]


def test_an_event_with_more_bodies_than_a_page_holds_is_erased_whole(
    pipeline: PipelineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")
    harness = OperationsHarness(pipeline)
    harness.webhook(encoded(any_webhook("conv_many")))
    for number in range(25):
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(BUCKET, f"payloads/conv_many/{number}.zlib", b"x")
    assert clients.s3().list_objects_v2(Bucket=BUCKET, Prefix="payloads/")["KeyCount"] == 10
    assert harness.call_api("POST", "/api/events/conv_many/erase", body=REASON)[0] == 200
    assert clients.s3().list_objects_v2(Bucket=BUCKET, Prefix="payloads/").get("KeyCount") == 0


def test_a_large_webhook_that_is_repeated_after_the_erasure_leaves_no_body(pipeline: PipelineHarness) -> None:
    harness = OperationsHarness(pipeline)
    large = Person(8, "375291112233", "own@example.com", "large")
    bring(harness, large)
    assert clients.s3().list_objects_v2(Bucket=BUCKET)["KeyCount"] == 1
    harness.call_api("POST", f"/api/events/{large.conversation}/erase", body=REASON)
    bring(harness, large)
    assert clients.s3().list_objects_v2(Bucket=BUCKET, Prefix="payloads/").get("KeyCount") == 0


@pytest.mark.parametrize("member", [{"phone": "+375291112233"}, {"email": "own@example.com"}])
def test_the_reason_does_not_keep_what_is_erased(pipeline: PipelineHarness, member: dict[str, str]) -> None:
    harness = OperationsHarness(pipeline)
    for reason in ("He asked: 8 (029) 111-22-33.", "She wrote from Own@example.com"):
        status, answer = harness.call_api("POST", "/api/erase-person", body=member | {"reason": reason})
        is_meant = ("phone" in member) == ("029" in reason)
        assert (status, answer.get("code")) == ((400, "erase.reason_names") if is_meant else (200, None))


@pytest.mark.parametrize("way", ["revised", "failed"])
def test_what_comes_again_after_the_erasure_leads_to_nobody(pipeline: PipelineHarness, way: str) -> None:
    harness = OperationsHarness(pipeline)
    caller = Person(3, "375291112233", "own@example.com", way)
    bring(harness, caller)
    assert harness.call_api("POST", "/api/erase-person", body={"phone": "+375291112233"} | REASON)[1]["complete"]
    bring(harness, caller)
    shown = harness.call_api("POST", "/api/erase-person", body={"phone": "+375291112233", "preview": True})[1]
    assert (shown["own"], shown["complete"]) == ([], True)


@pytest.mark.parametrize("way", ["answered", "own_system", "large"])
def test_a_call_that_was_never_analysed_is_found_by_its_number(pipeline: PipelineHarness, way: str) -> None:
    harness = OperationsHarness(pipeline)
    waiting, other = (Person(number, f"37529111223{number}", "own@example.com", way) for number in (3, 4))
    bring(harness, waiting)
    bring(harness, other)
    member = {"phone": written(waiting, 1)}
    shown = harness.call_api("POST", "/api/erase-person", body=member | {"preview": True})[1]
    assert len(shown["own"]) == 1
    done = harness.call_api("POST", "/api/erase-person", body=member | REASON)[1]
    assert (done["erased"], done["complete"]) == (shown["own"], True)
    after = kept()
    assert (waiting.digits in after, other.digits in after) == (False, True)
