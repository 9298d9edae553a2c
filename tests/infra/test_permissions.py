"""Least privilege: each role holds exactly what its function calls, written out here a second time on purpose."""

from typing import Any

import pytest

from infra.names import STEPS, Names, Step
from infra.resources.permissions import grants
from tests.infra.templates import EVERYWHERE, ON_AWS, Templates, environment

WRITE_KEY = "kms:Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo"
CONSUME = "sqs:ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage"
REDRIVE = "sqs:DeleteMessage GetQueueAttributes ReceiveMessage StartMessageMoveTask"
INTERFACES = (
    "ec2:AssignPrivateIpAddresses CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces "
    "DescribeSubnets UnassignPrivateIpAddresses"
)

# Resource (without its ARN's head) and the actions on it; a key is named after the services it is reached through.
EXPECTED: dict[Step, dict[str, str]] = {
    "intake": {
        "log-group:/aws/lambda/postcall-uat-intake:log-stream:*": "logs:CreateLogStream PutLogEvents",
        "table/postcall-uat-webhook_events": "dynamodb:ConditionCheckItem GetItem PutItem UpdateItem",
        "table/postcall-uat-webhook_events, its key/*": "dynamodb:BatchWriteItem",
        "table/postcall-uat-quarantine": "dynamodb:GetItem PutItem UpdateItem",
        "postcall-uat-payloads-111111111111/payloads/*": "s3:PutObject",
        "postcall-uat-payloads-111111111111/quarantine/*": "s3:DeleteObject GetObject PutObject",
        "postcall-uat-analysis": "sqs:SendMessage",
        "secret:postcall/uat/elevenlabs-webhook-??????": "secretsmanager:GetSecretValue",
        "secret:postcall/uat/operator-tokens-??????": "secretsmanager:GetSecretValue",
        "secret:postcall/uat/search-key-??????": "secretsmanager:GetSecretValue",
        "key through dynamodb s3": WRITE_KEY,
        "key through secretsmanager": "kms:Decrypt",
    },
    "analysis": {
        "log-group:/aws/lambda/postcall-uat-analysis:log-stream:*": "logs:CreateLogStream PutLogEvents",
        "table/postcall-uat-webhook_events": "dynamodb:BatchGetItem UpdateItem",
        "table/postcall-uat-webhook_events, its key/*": "dynamodb:BatchWriteItem",
        "table/postcall-uat-analyses": "dynamodb:PutItem Query",
        "postcall-uat-payloads-111111111111/payloads/*": "s3:GetObject",
        "postcall-uat-analysis": CONSUME,
        "postcall-uat-dispatch": "sqs:SendMessage",
        "postcall-uat-analysis-dead-letters": "sqs:SendMessage",
        "function:postcall-uat-reconciliation": "lambda:InvokeFunction",
        "secret:postcall/uat/openai-??????": "secretsmanager:GetSecretValue",
        "secret:postcall/uat/search-key-??????": "secretsmanager:GetSecretValue",
        "key through dynamodb": WRITE_KEY,
        "key through s3 secretsmanager": "kms:Decrypt",
    },
    "dispatch": {
        "log-group:/aws/lambda/postcall-uat-dispatch:log-stream:*": "logs:CreateLogStream PutLogEvents",
        "table/postcall-uat-webhook_events": "dynamodb:BatchGetItem UpdateItem",
        "table/postcall-uat-analyses": "dynamodb:BatchGetItem Query",
        "table/postcall-uat-crm_dispatches": "dynamodb:PutItem Query UpdateItem",
        "table/postcall-uat-circuits": "dynamodb:BatchGetItem UpdateItem",
        "postcall-uat-dispatch": CONSUME,
        "postcall-uat-dispatch-dead-letters": "sqs:SendMessage",
        "key through dynamodb": WRITE_KEY,
        "*": INTERFACES,
    },
    "operations": {
        "log-group:/aws/lambda/postcall-uat-operations:log-stream:*": "logs:CreateLogStream PutLogEvents",
        "table/postcall-uat-webhook_events": "dynamodb:BatchGetItem DeleteItem GetItem UpdateItem",
        "table/postcall-uat-webhook_events, its key/*": "dynamodb:BatchWriteItem",
        "table/postcall-uat-webhook_events/index/by_day": "dynamodb:Query",
        "table/postcall-uat-webhook_events/index/by_status": "dynamodb:Query",
        "table/postcall-uat-webhook_events/index/by_phone": "dynamodb:Query",
        "table/postcall-uat-webhook_events/index/by_email": "dynamodb:Query",
        "table/postcall-uat-webhook_events/index/pending": "dynamodb:Query",
        "table/postcall-uat-analyses": "dynamodb:DeleteItem Query",
        "table/postcall-uat-crm_dispatches": "dynamodb:Query UpdateItem",
        "table/postcall-uat-circuits": "dynamodb:GetItem",
        "table/postcall-uat-quarantine": "dynamodb:BatchGetItem DeleteItem GetItem UpdateItem",
        "table/postcall-uat-quarantine/index/by_day": "dynamodb:Query",
        "table/postcall-uat-ledgers": "dynamodb:GetItem",
        "postcall-uat-payloads-111111111111/payloads/*": "s3:DeleteObject GetObject",
        "postcall-uat-payloads-111111111111/quarantine/*": "s3:DeleteObject",
        "postcall-uat-payloads-111111111111/erasures/*": "s3:PutObject",
        "postcall-uat-payloads-111111111111": "s3:ListBucket",
        "postcall-uat-analysis": "sqs:GetQueueAttributes SendMessage",
        "postcall-uat-dispatch": "sqs:GetQueueAttributes SendMessage",
        "postcall-uat-analysis-dead-letters": REDRIVE,
        "postcall-uat-dispatch-dead-letters": REDRIVE,
        "function:postcall-uat-intake": "lambda:InvokeFunction",
        "function:postcall-uat-reconciliation": "lambda:InvokeFunction",
        "secret:postcall/uat/operator-tokens-??????": "secretsmanager:GetSecretValue",
        "secret:postcall/uat/search-key-??????": "secretsmanager:GetSecretValue",
        "key through dynamodb s3": WRITE_KEY,
        "key through secretsmanager": "kms:Decrypt",
    },
    "reconciliation": {
        "log-group:/aws/lambda/postcall-uat-reconciliation:log-stream:*": "logs:CreateLogStream PutLogEvents",
        "table/postcall-uat-webhook_events": "dynamodb:BatchGetItem GetItem UpdateItem",
        "table/postcall-uat-webhook_events/index/pending": "dynamodb:Query",
        "table/postcall-uat-webhook_events/index/by_day": "dynamodb:Query",
        "table/postcall-uat-webhook_events/index/by_phone": "dynamodb:Query",
        "table/postcall-uat-webhook_events/index/by_email": "dynamodb:Query",
        "table/postcall-uat-analyses": "dynamodb:Query",
        "table/postcall-uat-crm_dispatches": "dynamodb:Query",
        "postcall-uat-payloads-111111111111": "s3:ListBucket",
        "table/postcall-uat-ledgers": "dynamodb:PutItem",
        "postcall-uat-analysis": "sqs:SendMessage",
        "postcall-uat-dispatch": "sqs:SendMessage",
        "function:postcall-uat-intake": "lambda:InvokeFunction",
        "secret:postcall/uat/elevenlabs-api-??????": "secretsmanager:GetSecretValue",
        "key through dynamodb": WRITE_KEY,
        "key through secretsmanager": "kms:Decrypt",
    },
}


@pytest.mark.parametrize("step", STEPS)
def test_a_role_allows_exactly_what_its_function_calls(synthesised: Templates, step: Step) -> None:
    assert allowed(synthesised, "uat", step) == EXPECTED[step]


@pytest.mark.parametrize("env", EVERYWHERE)
@pytest.mark.parametrize("step", STEPS)
def test_the_same_is_allowed_in_every_environment(synthesised: Templates, env: str, step: Step) -> None:
    here, names = allowed(synthesised, env, step), environment(env).names
    translated = {
        resource.replace("uat", env).replace("111111111111", names.account): actions
        for resource, actions in EXPECTED[step].items()
    }

    assert here == translated


@pytest.mark.parametrize("env", EVERYWHERE)
def test_nothing_is_added_to_a_role_behind_its_back(synthesised: Templates, env: str) -> None:
    roles = synthesised.resources(env, "pipeline", "AWS::IAM::Role").values()

    assert not synthesised.resources(env, "pipeline", "AWS::IAM::Policy")
    assert not any("ManagedPolicyArns" in role["Properties"] for role in roles)
    assert len(roles) == len(STEPS) + 1  # and the schedules'


@pytest.mark.parametrize("step", STEPS)
def test_no_action_is_a_wildcard_and_no_wildcard_is_without_a_reason(step: Step) -> None:
    for grant in grants(step, Names("uat", "111111111111", "eu-central-1"), "the key"):
        assert not any("*" in action for action in grant.actions)
        assert bool(grant.reason) == any("*" in resource for resource in grant.resources), grant


def test_the_dispatch_functions_own_code_may_not_touch_network_interfaces(synthesised: Templates) -> None:
    (denied,) = [each for each in statements(synthesised, "uat", "dispatch") if each["Effect"] == "Deny"]

    assert joined(denied["Action"]) == INTERFACES
    assert denied["Condition"] == {
        "ArnEquals": {
            "lambda:SourceFunctionArn": ["arn:aws:lambda:eu-central-1:111111111111:function:postcall-uat-dispatch"]
        }
    }


@pytest.mark.parametrize("env", ON_AWS)
def test_the_schedule_may_call_reconciliation_and_nothing_else(synthesised: Templates, env: str) -> None:
    roles = synthesised.resources(env, "pipeline", "AWS::IAM::Role").values()
    (schedule,) = [each for each in roles if "scheduler.amazonaws.com" in str(each)]
    (statement,) = schedule["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]

    assert statement["Action"] == "lambda:InvokeFunction"
    assert "ReconciliationFunction" in str(statement["Resource"])


def statements(synthesised: Templates, env: str, step: Step) -> list[dict[str, Any]]:
    (logical_id, _arn) = synthesised.function(env, step)["Role"]["Fn::GetAtt"]
    role = synthesised.resources(env, "pipeline", "AWS::IAM::Role")[logical_id]
    (policy,) = role["Properties"]["Policies"]
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def allowed(synthesised: Templates, env: str, step: Step) -> dict[str, str]:
    """What the role allows, in the words of EXPECTED."""
    found: dict[str, str] = {}
    for each in statements(synthesised, env, step):
        if each["Effect"] == "Allow":
            for resource in each["Resource"] if isinstance(each["Resource"], list) else [each["Resource"]]:
                name = short(resource, each.get("Condition", {}))
                assert name not in found, f"{name} is granted twice"
                found[name] = joined(each["Action"])
    return found


def short(resource: Any, condition: dict[str, Any]) -> str:
    if isinstance(resource, str):
        if keys := condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys"):
            return f"{short(resource, {})}, its {joined_keys(keys)}"
        return resource if resource == "*" else resource.split(":", 5)[5]
    services = condition["StringEquals"]["kms:ViaService"]
    services = services if isinstance(services, list) else [services]
    return f"key through {' '.join(each.split('.')[0] for each in services)}"


def joined_keys(keys: str | list[str]) -> str:
    """The keys that a statement is bound to."""
    return keys if isinstance(keys, str) else " ".join(keys)


def joined(actions: str | list[str]) -> str:
    """`["s3:GetObject", "s3:PutObject"]` as `s3:GetObject PutObject`."""
    listed = [actions] if isinstance(actions, str) else sorted(actions)
    service = listed[0].split(":")[0]
    return f"{service}:" + " ".join(each.removeprefix(f"{service}:") for each in listed)
