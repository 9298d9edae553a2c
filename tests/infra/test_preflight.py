"""`make preflight`: what a deployment would meet in the account, a tick a line, before anything is deployed."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.deployment import preflight as checks
from infra.deployment.__main__ import look
from infra.deployment.preflight import Check, Tick, preflight, reached
from infra.environments import FOLDER, Environment, parse

ACCOUNT = "123456789012"  # moto's


class Account:
    """An account of moto's, without a stack, and with quotas: these moto does not imitate."""

    executions = 1000
    certificate: Mapping[str, Any] = {"DomainName": "calls.example.com", "Status": "ISSUED"}

    def client(self, service: str) -> Any:
        return self if service in {"acm", "cloudformation", "lambda", "service-quotas"} else client_of(service)

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803 — boto3's word
        message = f"Stack with id {StackName} does not exist"
        raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")

    def get_service_quota(self, **_: str) -> Any:
        """Nobody has asked for more."""
        raise ClientError({"Error": {"Code": "NoSuchResourceException", "Message": "none"}}, "GetServiceQuota")

    def get_aws_default_service_quota(self, **_: str) -> Any:
        return {"Quota": {"Value": 5.0}}

    def describe_certificate(self, **_: str) -> Any:
        return {"Certificate": self.certificate}

    def get_account_settings(self) -> Any:
        return {"AccountLimit": {"ConcurrentExecutions": self.executions}}


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield Account()


def uat(**changes: Any) -> Environment:
    values = tomllib.loads((FOLDER / "uat.toml").read_text(encoding="utf-8")) | {"account": ACCOUNT}
    for section, members in changes.items():
        values[section] = values[section] | members if isinstance(members, dict) else members
    return parse(values)


@cache
def client_of(service: str) -> Any:
    """Moto answers whatever client there is; making one costs more than what it is asked."""
    return boto3.session.Session(region_name="eu-central-1").client(service)  # type: ignore[call-overload]  # any service


def report(session: Account, check: Check, **changes: Any) -> dict[str, Tick]:
    return {found.sentence: found.tick for found in preflight(uat(**changes), cast("Any", session), [check])}


def tick(found: dict[str, Tick], part: str) -> Tick:
    (only,) = [tick for sentence, tick in found.items() if part in sentence]
    return only


def test_credentials_of_another_account_are_told(session: Account) -> None:
    assert tick(report(session, checks.account), "These credentials are of account") is Tick.WELL
    assert (
        tick(report(session, checks.account, account="210987654321"), "the environment's file says 210987654321")
        is Tick.WRONG
    )


def test_the_bootstrap_is_looked_for_under_its_qualifier(session: Account) -> None:
    assert tick(report(session, checks.bootstrap), "There is no CDK bootstrap") is Tick.WRONG
    client_of("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="27", Type="String")

    assert tick(report(session, checks.bootstrap), "bootstrap is there, version 27") is Tick.WELL
    assert tick(report(session, checks.bootstrap, bootstrap_qualifier="ours"), "qualifier ours") is Tick.WRONG


def test_too_few_concurrent_executions_are_told(session: Account) -> None:
    assert tick(report(session, checks.concurrency), "run 1000 functions at once") is Tick.WELL
    session.executions = 10

    assert (
        tick(report(session, checks.concurrency), "run 10 functions at once; the queues alone can use 7") is Tick.WRONG
    )


def test_a_name_that_is_taken_is_named(session: Account) -> None:
    assert tick(report(session, checks.names), "No name that we give is taken") is Tick.WELL
    client_of("secretsmanager").create_secret(Name="postcall/uat/openai", SecretString="left")
    where = {"LocationConstraint": "eu-central-1"}
    client_of("s3").create_bucket(Bucket=f"postcall-uat-payloads-{ACCOUNT}", CreateBucketConfiguration=where)

    found = report(session, checks.names)
    assert tick(found, "postcall/uat/openai exists") is Tick.WRONG
    assert tick(found, "payloads-123456789012 exists") is Tick.WRONG


def test_addresses_that_are_used_up_are_told(session: Account) -> None:
    assert tick(report(session, checks.addresses), "Elastic IPs: 0 of 5 in use, 1 more needed") is Tick.WELL
    for _ in range(5):
        client_of("ec2").allocate_address(Domain="vpc")

    assert tick(report(session, checks.addresses), "Elastic IPs: 5 of 5 in use") is Tick.WRONG


def test_an_address_of_ones_own_must_be_there_and_free(session: Account) -> None:
    own = client_of("ec2").allocate_address(Domain="vpc")["AllocationId"]

    assert tick(report(session, checks.addresses, network={"allocation_ids": [own]}), f"{own} is there") is Tick.WELL


def test_room_for_a_network_of_ours_is_told(session: Account) -> None:
    ec2 = client_of("ec2")
    there = len(ec2.describe_vpcs()["Vpcs"])
    assert tick(report(session, checks.network), f"{there} of 5 in use, 1 more needed") is Tick.WELL
    for number in range(5 - there):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/20")

    assert tick(report(session, checks.network), "5 of 5 in use") is Tick.WRONG


def test_subnets_of_ones_own_must_lie_in_the_network_that_is_named(session: Account) -> None:
    ec2 = client_of("ec2")
    named, other = (ec2.create_vpc(CidrBlock="10.9.0.0/20")["Vpc"]["VpcId"] for _ in range(2))
    inside, outside = (
        ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"] for vpc in (named, other)
    )

    found = report(session, checks.network, network={"cidr": None, "vpc_id": named, "subnet_ids": [inside, outside]})
    assert tick(found, f"{inside} is there") is Tick.WELL
    assert tick(found, f"{outside} lies in {other}, and the environment's file says {named}") is Tick.WRONG


ARN = f"arn:aws:acm:eu-central-1:{ACCOUNT}:certificate/one"


@pytest.mark.parametrize(
    ("certificate", "part", "expected"),
    [
        ({"DomainName": "calls.example.com", "Status": "ISSUED"}, "ISSUED", Tick.WELL),
        ({"DomainName": "calls.example.com", "Status": "PENDING_VALIDATION"}, "PENDING_VALIDATION", Tick.WRONG),
        ({"DomainName": "www.example.com", "Status": "ISSUED"}, "not for calls.example.com", Tick.WRONG),
    ],
)
def test_a_certificate_must_be_issued_and_for_the_domain(
    session: Account, certificate: Mapping[str, str], part: str, expected: Tick
) -> None:
    session.certificate = certificate
    own = {"domain": "calls.example.com", "certificate_arn": ARN}

    assert tick(report(session, checks.certificate, api=own), part) is expected


@pytest.mark.parametrize("names", [["*.example.com"], ["www.example.com", "calls.example.com"]])
def test_a_certificate_may_name_the_domain_beside_others(session: Account, names: list[str]) -> None:
    session.certificate = {"DomainName": names[0], "SubjectAlternativeNames": names, "Status": "ISSUED"}
    own = {"domain": "calls.example.com", "certificate_arn": ARN}

    assert set(report(session, checks.certificate, api=own).values()) == {Tick.WELL}


def test_a_listener_who_has_not_confirmed_is_named(session: Account) -> None:
    assert tick(report(session, checks.listeners), "There is no alarm topic yet") is Tick.UNSEEN
    topic = client_of("sns").create_topic(Name="postcall-uat-alarms")["TopicArn"]

    assert tick(report(session, checks.listeners), "0 listener(s) hear the alarms") is Tick.WRONG
    client_of("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    assert tick(report(session, checks.listeners), "listener(s) hear the alarms") is Tick.WELL  # moto confirms at once


def test_a_key_that_is_not_enabled_is_told(session: Account) -> None:
    kms = client_of("kms")
    key = kms.create_key()["KeyMetadata"]
    assert (
        tick(report(session, checks.key, data={"kms_key_arn": key["Arn"]}), f"{key['KeyId']} is Enabled") is Tick.WELL
    )
    kms.disable_key(KeyId=key["KeyId"])

    assert tick(report(session, checks.key, data={"kms_key_arn": key["Arn"]}), "is Disabled") is Tick.WRONG


@pytest.mark.parametrize(
    ("answer", "expected", "sentence"),
    [
        ({"transport": "answered", "http_status": 200}, Tick.WELL, "The CRM answers"),
        ({"transport": "answered", "http_status": 403}, Tick.WRONG, "HTTP 403"),
        ({"transport": "timed_out", "error": "timed out"}, Tick.WRONG, "timed out"),
        ({"refused": "no"}, Tick.WRONG, "(no)"),
        (None, Tick.WRONG, "does not answer"),
    ],
)
def test_the_crm_is_asked_by_dispatch_from_its_address(answer: object, expected: Tick, sentence: str) -> None:
    finding = reached(answer)

    assert finding.tick is expected
    assert sentence in finding.sentence


def test_what_may_not_be_looked_at_says_so(session: Account) -> None:
    missing = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"
    found = report(session, checks.key, data={"kms_key_arn": missing})

    assert tick(found, "key could not be looked at: NotFoundException") is Tick.UNSEEN


def test_before_the_first_deployment_nobody_can_ask_the_crm(session: Account) -> None:
    assert tick(report(session, checks.crm), "Whether the CRM answers is seen after") is Tick.UNSEEN


def test_the_page_fails_where_something_is_wrong_and_speaks_russian(
    session: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTCALL_LANG", "ru")

    assert look(uat(), cast("Any", session)) == 1
    assert "✗ Нет bootstrap CDK версии 6 или новее" in capsys.readouterr().out
