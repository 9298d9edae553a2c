"""How many requests an event costs at each step, and how many bytes: exact counts, which grow with nothing unstated.

    python -m tools.verify.bench.requests [--events N] [--out FILE]

The real handlers run over moto; hooks on their clients count what leaves. A call of 20 KB, of 300 KB and of 1.5 MB (too
large for an item: its bytes lie in S3, requests of their own) is taken through each step, with an
empty table and with one of N events. Lambda's own receiving and deleting of messages is not the functions' and not
counted. Secrets are read once a process and every five minutes, and have figures of their own. The rules alone judge
here: where a model is asked, the analysis asks one request more for each batch, which hides its messages.
"""

from __future__ import annotations

from tools.simulators.crm.simulator import CrmSimulator
from tools.verify.bench.counting import Requests, counted
from tools.verify.bench.fill import SMALL, fill
from tools.verify.bench.findings import Bench, Findings, Target, silence
from tools.verify.bench.sandbox import BenchHarness, sandbox
from tools.verify.bench.steps import PENDING, Made, Steps

BODIES = {"20kb": SMALL, "300kb": 300_000, "1500kb": 1_500_000}
IN_S3 = {"1500kb"}
# Every operation of each step, for a body that its item holds. tests/integration/test_requests_per_event.py holds them.
STATED = {
    # Whether a system of ours has brought a call of the same id is a condition of the write.
    "intake_new": {"dynamodb.TransactWriteItems": 1, "sqs.SendMessage": 1},
    "intake_duplicate": {"dynamodb.TransactWriteItems": 1, "dynamodb.GetItem": 2, "dynamodb.UpdateItem": 1},
    "intake_duplicate_waiting": {
        "dynamodb.TransactWriteItems": 1,
        "dynamodb.GetItem": 2,
        "dynamodb.UpdateItem": 1,
        "sqs.SendMessage": 1,
    },
    "intake_revision": {
        "dynamodb.TransactWriteItems": 1,
        "dynamodb.BatchWriteItem": 1,
        "dynamodb.GetItem": 2,
        "dynamodb.UpdateItem": 1,
        "s3.PutObject": 1,
    },
    # The call names a line, a number and an address: a batch of items in the index by which an erasure finds a person.
    "analysis": {
        "dynamodb.BatchGetItem": 1,
        "dynamodb.BatchWriteItem": 1,
        "dynamodb.TransactWriteItems": 1,
        "sqs.SendMessage": 1,
    },
    "analysis_of_a_second_message": {"dynamodb.BatchGetItem": 1, "sqs.SendMessage": 1},
    "dispatch": {"dynamodb.BatchGetItem": 1, "dynamodb.TransactWriteItems": 2},
    "dispatch_of_a_second_message": {"dynamodb.BatchGetItem": 1},
    # A query a partition of the index, and two for what waits for a person.
    "sweep_nothing": {"dynamodb.Query": 10},
    f"sweep_{PENDING}_pending": {
        "dynamodb.Query": 10,
        "dynamodb.GetItem": PENDING,
        "dynamodb.UpdateItem": PENDING,
        "sqs.SendMessage": PENDING,
    },
    "list_of_a_day": {"dynamodb.Query": 1},
    "detail": {"dynamodb.GetItem": 3, "dynamodb.Query": 2},
}
_KEPT, _READ, _KNOWN = {"s3.PutObject": 1}, {"s3.GetObject": 1}, {"dynamodb.GetItem": 1}
# A look whether the event is known comes before the bytes are kept; where it is, no item is tried to be put.
_KNOWN_ALREADY = _KNOWN | {"dynamodb.TransactWriteItems": -1}
# What a body adds that no item holds.
ADDED_BY_S3 = {
    "intake_new": _KEPT | _KNOWN,
    "intake_duplicate": _KNOWN_ALREADY,
    "intake_duplicate_waiting": _KNOWN_ALREADY,
    "intake_revision": _KNOWN_ALREADY,
    "analysis": _READ,
}


def stated(step: str, *, in_s3: bool = False) -> dict[str, int]:
    """What a step may ask of AWS."""
    added = ADDED_BY_S3.get(step, {}) if in_s3 else {}
    sums = {name: STATED[step].get(name, 0) + added.get(name, 0) for name in STATED[step] | added}
    return {name: number for name, number in sums.items() if number}


def measure(events: int) -> Findings:
    """Take a call of each size through an empty table and through one of `events` events."""
    found = Findings(
        not_covered=["What Lambda's poller asks of SQS: receiving and deleting.", "The model's and the CRM's requests."]
    )
    unstated = 0
    with silence(), CrmSimulator() as crm:
        for filled in (1, events):
            with counted() as requests, sandbox(crm.service_url) as ours:
                fill(ours, filled)
                for body, size in BODIES.items():
                    made = _call(ours, requests, f"conv_bench_{body}", size)
                    unstated += sum(stated(step, in_s3=body in IN_S3) != done.operations for step, done in made.items())
                    if filled == events:
                        _note(found, body, made)
                secrets = Steps(ours, requests)
                secrets.process_secrets("conv_bench_secrets")
    for step, done in secrets.made.items():
        found.note(**{f"{step}_secret_reads": done.operations.get("secrets-manager.GetSecretValue", 0)})
    found.note(steps_with_unstated_requests=unstated)
    found.hold(Target("intake_new_20kb_requests", 2, exact=True), Target("steps_with_unstated_requests", 0, exact=True))
    return found


def _call(ours: BenchHarness, requests: Requests, event_id: str, size: int) -> dict[str, Made]:
    steps = Steps(ours, requests)
    steps.call(event_id, size=size)
    return steps.made


def _note(found: Findings, body: str, made: dict[str, Made]) -> None:
    """Counts of every step; each operation by name once, and where S3 adds to it."""
    for step, done in made.items():
        name = f"{step}_{body}"
        if body == "20kb" or (body in IN_S3 and step in ADDED_BY_S3):
            found.note(**{f"{name}_made": done.text})
        sizes = {f"{name}_sent_bytes": done.sent_bytes, f"{name}_received_bytes": done.received_bytes}
        found.note(**{f"{name}_requests": done.count} | sizes)


BENCH = Bench("requests", __doc__.splitlines()[0], measure, size=2_000, size_means="events")

if __name__ == "__main__":
    BENCH.main()
