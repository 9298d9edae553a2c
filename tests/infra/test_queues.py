"""No message may vanish: each queue has dead letters, each dead-letter queue keeps longer and rings."""

import json
from typing import Any

import pytest

from infra.names import QUEUES, QueueName
from tests.infra.templates import EVERYWHERE, ON_AWS, Properties, Templates, environment


def queues(synthesised: Templates, env: str) -> dict[str, Properties]:
    return synthesised.properties(env, "pipeline", "AWS::SQS::Queue", "QueueName")


def dead_letters_of(synthesised: Templates, env: str, queue: Properties) -> Properties:
    (logical_id, _arn) = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"]
    found: Properties = synthesised.resources(env, "pipeline", "AWS::SQS::Queue")[logical_id]["Properties"]
    return found


@pytest.mark.parametrize("env", EVERYWHERE)
def test_every_queue_has_dead_letters_that_keep_longer_and_take_from_it_alone(synthesised: Templates, env: str) -> None:
    working = {name: each for name, each in queues(synthesised, env).items() if not name.endswith("-dead-letters")}

    assert set(working) == {f"postcall-{env}-{word}" for word in QUEUES}
    for name, queue in working.items():
        dead_letters = dead_letters_of(synthesised, env, queue)
        assert dead_letters["QueueName"] == f"{name}-dead-letters"
        assert dead_letters["MessageRetentionPeriod"] > queue["MessageRetentionPeriod"]
        (source,) = dead_letters["RedriveAllowPolicy"]["sourceQueueArns"]
        assert json.dumps(source).rstrip('"').endswith(f":{name}")


@pytest.mark.parametrize("env", EVERYWHERE)
def test_every_dead_letter_queue_rings_at_its_first_message(synthesised: Templates, env: str) -> None:
    ringing = {
        each["Dimensions"][0]["Value"]
        for each in synthesised.alarms(env).values()
        if each["MetricName"] == "ApproximateNumberOfMessagesVisible" and each["Threshold"] == 1
    }

    assert ringing == {name for name in queues(synthesised, env) if name.endswith("-dead-letters")}


@pytest.mark.parametrize("env", ON_AWS)
@pytest.mark.parametrize("word", QUEUES)
def test_a_message_stays_hidden_for_six_times_its_functions_time(
    synthesised: Templates, env: str, word: QueueName
) -> None:
    hidden = queues(synthesised, env)[f"postcall-{env}-{word}"]["VisibilityTimeout"]

    assert hidden >= 6 * synthesised.function(env, word)["Timeout"]


@pytest.mark.parametrize("env", EVERYWHERE)
@pytest.mark.parametrize("word", QUEUES)
def test_a_message_is_received_as_often_as_its_retries_need(synthesised: Templates, env: str, word: QueueName) -> None:
    settings = environment(env)
    retry = settings.analysis_retry if word == "analysis" else settings.dispatch_retry
    redrive = queues(synthesised, env)[f"postcall-{env}-{word}"]["RedrivePolicy"]

    assert redrive["maxReceiveCount"] == retry.max_receives


@pytest.mark.parametrize("env", EVERYWHERE)
def test_queues_are_encrypted_and_take_tls_only(synthesised: Templates, env: str) -> None:
    found = synthesised.resources(env, "pipeline", "AWS::SQS::Queue")
    policies = synthesised.resources(env, "pipeline", "AWS::SQS::QueuePolicy").values()
    guarded = {each["Properties"]["Queues"][0]["Ref"] for each in policies if refuses_plain_http(each["Properties"])}

    assert guarded == set(found)
    assert all(each["Properties"]["SqsManagedSseEnabled"] for each in found.values())


@pytest.mark.parametrize("env", EVERYWHERE)
def test_leads_are_sent_one_at_a_time_calls_analysed_in_batches_and_each_is_answered_for(
    synthesised: Templates, env: str
) -> None:
    queues, dispatch = environment(env).queues, environment(env).dispatch
    sources = [
        each["Properties"]
        for each in synthesised.resources(env, "pipeline", "AWS::Lambda::EventSourceMapping").values()
    ]

    assert sorted(each["BatchSize"] for each in sources) == [1, queues.analysis_batch]
    assert {tuple(each["FunctionResponseTypes"]) for each in sources} == {("ReportBatchItemFailures",)}
    assert sorted(each["ScalingConfig"]["MaximumConcurrency"] for each in sources) == sorted(
        [queues.analysis_concurrency, dispatch.dispatch_concurrency]
    )


def refuses_plain_http(policy: dict[str, Any]) -> bool:
    return any(
        each["Effect"] == "Deny" and each.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        for each in policy["PolicyDocument"]["Statement"]
    )
