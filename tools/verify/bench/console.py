"""What the console's pages cost of our own processor time with 10,000 calls, and how many requests they make of AWS.

    python -m tools.verify.bench.console [--events N] [--out FILE]

The real handler answers over moto, whose table is filled past its API (`fill.py`) and spread over a month, every status
and several causes. Each question is asked once and the store's answers are kept; then it is asked again, and a hook on
botocore's clients gives the kept answers (`replay.py`), so that no line of the store runs. Measured is the processor
time of the whole process then: our handler, botocore's requests signed and answers parsed, the answer written as JSON.
Not in it: the store's own time, the network, a cold start.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import functions.operations.handler
from tests.support.in_process import http_event
from tools.simulators.crm.simulator import CrmSimulator
from tools.verify.bench.counting import Requests, counted
from tools.verify.bench.fill import event_id, fill, spread
from tools.verify.bench.findings import Bench, Findings, Target, processor_seconds, silence
from tools.verify.bench.replay import Replay, replayed
from tools.verify.bench.sandbox import TOKEN, BenchHarness, sandbox

CALLS = 10_000
MOST_SECONDS = 0.3
ROUNDS = 5
PHONE, NAME = "+79990000001", "Щёголев"  # whose call it is, of which the filling is made
Ask = Callable[[BenchHarness], Any]


def search(query: str) -> Ask:
    """The search in the header for these words."""
    body = json.dumps({"query": query}).encode()
    event = http_event("POST", "/api/search", body, {"Authorization": f"Bearer {TOKEN}"})
    return lambda _ours: functions.operations.handler.handler(event, None)


def page(path: str, **query: str) -> Ask:
    """A GET of the operator API."""
    return lambda ours: ours.call_api(path, **query)


@dataclass(frozen=True)
class Question:
    """What a page asks, and the most requests to AWS that it may make, however many calls there are."""

    ask: Ask
    most_requests: int
    finds: str = ""  # the member of the answer that must not be empty


QUESTIONS = {
    "list": Question(page("/api/events"), 41, "events"),
    "list_of_a_status": Question(page("/api/events", status="rejected"), 2, "events"),
    "list_of_a_cause": Question(page("/api/events", status="rejected", cause="crm.landing_off"), 2),
    "list_of_the_stalled": Question(page("/api/events", stalled="true", limit="100"), 2),
    "filtered_list": Question(page("/api/events", agent_id="agent_3"), 41, "events"),
    "search_phone": Question(search(PHONE), 64, "events"),
    "search_id": Question(search(event_id(7)), 64, "events"),
    "search_beginning_of_id": Question(search(event_id(7)[:12]), 64, "events"),
    "search_name": Question(search(NAME), 64, "events"),
    "search_name_of_nobody": Question(search("Небывалов"), 64),
    "search_phone_of_nobody": Question(search("291234567"), 64),
    "search_beginning_of_no_id": Question(search("conv_none"), 64),
    "groups": Question(page("/api/attention"), 100, "groups"),
    "numbers_of_a_month": Question(page("/api/numbers", days="31"), 72, "received"),
}


@dataclass(frozen=True)
class Cost:
    """One question's: requests to AWS, processor seconds of the median round, bytes of the answer."""

    requests: int
    seconds: float
    answered_bytes: int


def measure(events: int) -> Findings:
    """Ask each question with so many calls kept."""
    found = Findings(
        not_covered=[
            "How long DynamoDB takes to answer, and the network between.",
            "A Lambda's share of a processor: at 1,769 MB it has a whole one, below that its part.",
        ]
    )
    for name, cost in costs(events).items():
        seconds, requests = f"{name}_cpu_seconds", f"{name}_requests"
        found.note(**{seconds: cost.seconds, requests: cost.requests, f"{name}_bytes": cost.answered_bytes})
        found.hold(Target(seconds, MOST_SECONDS), Target(requests, QUESTIONS[name].most_requests, exact=True))
    return found


def costs(events: int, rounds: int = ROUNDS) -> dict[str, Cost]:
    """What each question costs with so many events in the table."""
    with (
        silence(),
        CrmSimulator() as crm,
        counted() as requests,
        replayed() as replay,
        sandbox(crm.service_url) as ours,
    ):
        fill(ours, events)
        spread()
        return {name: _cost(question, ours, requests, replay, rounds) for name, question in QUESTIONS.items()}


def _cost(question: Question, ours: BenchHarness, requests: Requests, replay: Replay, rounds: int) -> Cost:
    """Raises `RuntimeError` for a question that is not answered, or finds nothing where there is something."""
    ask = question.ask
    replay.record()
    ask(ours)  # what is kept between invocations is read now
    replay.record()
    requests.begin()
    answer = ask(ours)
    if answer["statusCode"] != HTTPStatus.OK or (question.finds and not json.loads(answer["body"])[question.finds]):
        raise RuntimeError(f"Answered {answer['statusCode']}: {answer['body'][:200]}")
    asked = requests.operations.total()
    spent = []
    for _ in range(rounds):
        replay.replay()
        spent.append(processor_seconds(lambda: ask(ours)))
    return Cost(asked, statistics.median(spent), len(answer["body"].encode()))


BENCH = Bench("console", __doc__.splitlines()[0], measure, size=CALLS, size_means="events")

if __name__ == "__main__":
    BENCH.main()
