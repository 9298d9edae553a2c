"""The analysis function from message to record, with and without a model, over an imitated AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.analysis import wiring
from functions.analysis.handler import handler
from postcall.aws import clients, observe
from postcall.domain.analysis import Analysis, AnalysisSource
from postcall.domain.messages import CallReceived, write_message
from postcall.domain.status import Status
from tests.support.aws import ANALYSES, BUCKET, EVENTS, LocalAws, local_aws
from tests.support.builders import CONVERSATION, any_incoming, any_webhook, encoded
from tests.unit.analysis.builders import ROWS
from tools.simulators.model import SCENARIOS, ModelStub
from tools.verify.evaluation.injections import PAYLOADS

KEY = "sk-invented-0123456789"


class Context:
    """As much of Lambda's context as the step uses."""

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@dataclass
class Step:
    """The function over imitated tables and queues."""

    aws: LocalAws
    monkeypatch: pytest.MonkeyPatch
    closers: list[Callable[[], None]]

    def uses(self, **variables: str) -> None:
        """Set variables and start anew."""
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)
        self.closers.append(forget_wiring)

    def has_key(self, text: str) -> None:
        """Put a secret's text in place."""
        clients.secrets_manager().put_secret_value(SecretId="openai", SecretString=text)

    def receive(
        self,
        webhook: dict[str, Any] | None = None,
        *,
        event_id: str = CONVERSATION,
        age: timedelta = timedelta(),
    ) -> None:
        """Store a call and put its message into the queue."""
        call = any_incoming(event_id)
        if webhook is not None:
            call = replace(call, body=encoded(webhook))
        self.aws.events.add(call, now=datetime.now(UTC) - age)
        body = write_message(CallReceived(event_id))
        clients.sqs().send_message(QueueUrl=self.aws.analysis_queue, MessageBody=body)

    def run(self) -> dict[str, Any]:
        """Hand the queue's messages to the function."""
        answer = clients.sqs().receive_message(
            QueueUrl=self.aws.analysis_queue,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
        )
        records = [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "eventSource": "aws:sqs",
            }
            for message in answer["Messages"]
        ]
        return handler({"Records": records}, Context())

    @property
    def analysis(self) -> Analysis | None:
        recorded = self.aws.analyses.latest(CONVERSATION)
        return None if recorded is None else recorded.analysis


def forget_wiring() -> None:
    """A cold start."""
    for made in (
        wiring.load_settings,
        wiring._use_case,
        wiring._offline,
        wiring._model,
        observe.logger,
        observe.metrics,
    ):
        made.cache_clear()


@pytest.fixture
def step(monkeypatch: pytest.MonkeyPatch) -> Iterator[Step]:
    """Everything in place, no key."""
    with local_aws(monkeypatch) as aws:
        forget_wiring()
        clients.secrets_manager().create_secret(Name="openai", SecretString=json.dumps({"api_key": ""}))
        clients.secrets_manager().create_secret(Name="search-key")
        made = Step(aws, monkeypatch, [])
        made.uses(
            EVENTS_TABLE=EVENTS,
            ANALYSES_TABLE=ANALYSES,
            PAYLOAD_BUCKET=BUCKET,
            ANALYSIS_QUEUE_URL=aws.analysis_queue,
            ANALYSIS_DEAD_LETTERS_URL=aws.analysis_dead_letters,
            DISPATCH_QUEUE_URL=aws.dispatch_queue,
            OPENAI_SECRET_ID="openai",
            RECONCILIATION_FUNCTION="reconciliation",
            SEARCH_KEY_SECRET_ID="search-key",
            EVENT_TTL_DAYS="90",
            OPENAI_DEADLINE_SECONDS="2",
            POWERTOOLS_SERVICE_NAME="analysis",
            POWERTOOLS_METRICS_NAMESPACE="Postcall",
        )
        yield made
        forget_wiring()


def test_without_a_key_a_call_is_recorded_unjudged_and_passed_on(step: Step) -> None:
    step.receive()
    assert step.run() == {"batchItemFailures": []}
    assert step.analysis is not None
    assert step.analysis.source is AnalysisSource.OFFLINE
    event = step.aws.events.get(CONVERSATION)
    assert event is not None
    assert (event.status, event.needs_review) == (Status.ANALYZED, True)
    assert event.contact == {"phone": "+375291234567"}
    assert step.aws.messages(step.aws.dispatch_queue) == [{"event_id": CONVERSATION}]


def test_with_a_key_the_model_judges(step: Step) -> None:
    step.has_key(json.dumps({"api_key": KEY}))
    with ModelStub() as model:
        step.uses(OPENAI_BASE_URL=model.base_url)
        step.receive()
        assert step.run() == {"batchItemFailures": []}
    assert step.analysis is not None
    assert step.analysis.source is AnalysisSource.OPENAI
    assert step.analysis.quality_score == 3


def test_a_batch_comes_back_soon_after_its_questions_if_its_process_dies(step: Step) -> None:
    hidden: list[dict[str, Any]] = []
    events = clients.sqs().meta.events
    asked = "before-call.sqs.ChangeMessageVisibilityBatch"
    events.register(asked, lambda params, **_: hidden.append(json.loads(params["body"])))
    step.has_key(json.dumps({"api_key": KEY}))
    with ModelStub() as model:
        step.uses(OPENAI_BASE_URL=model.base_url)
        step.receive()
        step.receive(event_id="conv_other")
        assert step.run() == {"batchItemFailures": []}
    [request] = hidden
    assert request["QueueUrl"] == step.aws.analysis_queue
    assert [entry["VisibilityTimeout"] for entry in request["Entries"]] == 2 * [2 + wiring.SECONDS_TO_FINISH]
    assert len({entry["ReceiptHandle"] for entry in request["Entries"]}) == 2


def test_a_second_message_analyses_nothing_again(step: Step) -> None:
    step.receive()
    step.run()
    step.receive()
    assert step.run() == {"batchItemFailures": []}
    assert len(step.aws.analyses.all(CONVERSATION)) == 1


def test_a_model_that_is_away_sends_the_message_back(step: Step) -> None:
    step.has_key(json.dumps({"api_key": KEY}))
    with ModelStub("server_error") as model:
        step.uses(OPENAI_BASE_URL=model.base_url)
        step.receive()
        assert len(step.run()["batchItemFailures"]) == 1
    assert step.analysis is None
    event = step.aws.events.get(CONVERSATION)
    assert event is not None
    assert event.status is Status.RECEIVED


@pytest.mark.parametrize("scenario", ["server_error", "quota"])
def test_a_call_older_than_the_longest_wait_goes_out_without_the_model(step: Step, scenario: str) -> None:
    step.has_key(json.dumps({"api_key": KEY}))
    with ModelStub(scenario) as model:
        step.uses(OPENAI_BASE_URL=model.base_url, OPENAI_DEADLINE_SECONDS="1", ANALYSIS_MAX_WAIT_SECONDS="60")
        step.receive(age=timedelta(minutes=2))
        assert step.run() == {"batchItemFailures": []}
    assert step.analysis is not None
    assert step.analysis.source is AnalysisSource.OFFLINE
    assert step.analysis.needs_review


@pytest.mark.parametrize("text", ["not json", '{"api_key": 7}'])
def test_a_broken_secret_parks_calls_and_loses_none(step: Step, text: str) -> None:
    step.has_key(text)
    step.receive()
    assert len(step.run()["batchItemFailures"]) == 1
    step.uses(ANALYSIS_MAX_WAIT_SECONDS="0")
    forget_wiring()
    body = write_message(CallReceived(CONVERSATION))
    clients.sqs().send_message(QueueUrl=step.aws.analysis_queue, MessageBody=body)
    assert step.run() == {"batchItemFailures": []}
    assert step.analysis is not None
    assert "model_misconfigured" in step.analysis.flags


def test_one_broken_message_does_not_hold_up_the_others(step: Step) -> None:
    clients.sqs().send_message(QueueUrl=step.aws.analysis_queue, MessageBody="{}")
    step.receive()
    assert step.run() == {"batchItemFailures": []}
    assert step.analysis is not None
    [letter] = clients.sqs().receive_message(QueueUrl=step.aws.analysis_dead_letters, MessageAttributeNames=["reason"])[
        "Messages"
    ]
    assert letter["MessageAttributes"]["reason"]["StringValue"]


def test_no_word_of_a_call_no_contact_and_no_key_is_ever_logged(
    step: Step,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Through every behaviour of a model's server but the two that only take time."""
    caplog.set_level("INFO")
    call = ROWS[0].call
    turns = [{"role": turn.speaker.value, "message": turn.text} for turn in call.turns]
    webhook = any_webhook(
        transcript=[*turns, {"role": "user", "message": PAYLOADS["ru_score"]}],
        analysis={
            "call_successful": "success",
            "transcript_summary": "Тайная сводка про Ковалёва",
            "data_collection_results": {"email": {"value": "secret.person@example.com"}},
        },
    )
    step.has_key(json.dumps({"api_key": KEY}))
    with ModelStub() as model:
        step.uses(OPENAI_BASE_URL=model.base_url, LOG_LEVEL="DEBUG", POWERTOOLS_LOG_LEVEL="DEBUG")
        for scenario in sorted(set(SCENARIOS) - {"trickle", "hang"}):
            step.uses(OPENAI_MODEL=f"stub-{scenario}")
            forget_wiring()
            step.receive(webhook, event_id=f"conv_{scenario}")
            step.run()
    out, err = capfd.readouterr()
    logged = (out + err + caplog.text).casefold()
    assert logged.count("analysis.done") + logged.count("analysis.postponed") >= len(SCENARIOS) - 2
    spoken = [word for turn in call.turns for word in turn.text.split() if len(word) > 5]
    secrets = ["291234567", "secret.person", "example.com", "ковал", "тайная", KEY, "sk-invented", *spoken]
    assert [secret for secret in secrets if secret.casefold() in logged] == []
