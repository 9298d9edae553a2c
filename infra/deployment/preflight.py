"""What a deployment would meet in the account: each check looks at one thing and says in a sentence how it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.names import SECRETS, TABLES
from postcall.domain.said import said

if TYPE_CHECKING:
    import boto3

    from infra.environments import Environment

LEAST_BOOTSTRAP: Final = 6  # what the CDK's own rule in every template asks for
SPARE_EXECUTIONS: Final = 10  # for the API's functions, beside the queues
LEFT_FOR_OTHERS: Final = 100
TURNED_AWAY: Final = frozenset({401, 403, 404})
ADDRESSES, NETWORKS = "L-0263D0A3", "L-F678F1CE"  # AWS's codes of two quotas
MISSING: Final = frozenset({"ResourceNotFoundException", "404", "NoSuchBucket", "ParameterNotFound", "NotFound"})


class Tick(StrEnum):
    """How a thing is."""

    WELL = "✓"
    WATCH = "!"
    WRONG = "✗"
    UNSEEN = "–"


@dataclass(frozen=True)
class Finding:
    """One line of the page."""

    tick: Tick
    sentence: str


Check = Callable[["Environment", "boto3.session.Session"], Iterator[Finding]]


def preflight(
    environment: Environment, session: boto3.session.Session, only: Sequence[Check] = ()
) -> Iterator[Finding]:
    """Every check in the order of a deployment, or only these; one that may not look says so."""
    for check in only or CHECKS:
        try:
            yield from check(environment, session)
        except (ClientError, BotoCoreError) as error:
            why = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            yield Finding(Tick.UNSEEN, said("preflight.unseen", what=check.__name__, why=why))


def account(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    found = session.client("sts").get_caller_identity()["Account"]
    if found == environment.account:
        yield Finding(Tick.WELL, said("preflight.account", account=found))
    else:
        yield Finding(Tick.WRONG, said("preflight.other_account", account=found, wanted=environment.account))


def bootstrap(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    qualifier = environment.bootstrap_qualifier
    name = f"/cdk-bootstrap/{qualifier}/version"
    ssm = session.client("ssm")
    version = _found(lambda: int(ssm.get_parameter(Name=name)["Parameter"]["Value"]))
    if version is None or version < LEAST_BOOTSTRAP:
        yield Finding(Tick.WRONG, said("preflight.no_bootstrap", least=LEAST_BOOTSTRAP, qualifier=qualifier))
    else:
        yield Finding(Tick.WELL, said("preflight.bootstrap", version=version))


def addresses(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    ec2, own = session.client("ec2"), environment.network
    if own.allocation_ids:
        for each in ec2.describe_addresses(AllocationIds=list(own.allocation_ids))["Addresses"]:
            used = "AssociationId" in each and not _there(session, environment.names.stack("network"))
            code = "preflight.in_use" if used else "preflight.there"
            yield Finding(Tick.WRONG if used else Tick.WELL, said(code, what=each["AllocationId"]))
    elif own.vpc_id is None and not _there(session, environment.names.stack("address")):
        used_addresses = len(ec2.describe_addresses()["Addresses"])
        yield _room("addresses", used_addresses, own.nat_gateways, _quota(session, ADDRESSES))


def network(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    ec2, own = session.client("ec2"), environment.network
    if own.vpc_id is not None:
        subnets = ec2.describe_subnets(SubnetIds=list(own.subnet_ids))["Subnets"]
        for each in subnets:
            subnet, vpc = each["SubnetId"], each["VpcId"]
            if vpc == own.vpc_id:
                yield Finding(Tick.WELL, said("preflight.there", what=subnet))
            else:
                yield Finding(Tick.WRONG, said("preflight.other_network", what=subnet, vpc=vpc, wanted=own.vpc_id))
    elif not _there(session, environment.names.stack("network")):
        yield _room("networks", len(ec2.describe_vpcs()["Vpcs"]), 1, _quota(session, NETWORKS))


def concurrency(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    quota = int(session.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"])
    queues = environment.queues.analysis_concurrency + environment.dispatch.dispatch_concurrency
    tick = Tick.WELL if quota >= queues + SPARE_EXECUTIONS else Tick.WRONG
    yield Finding(tick, said("preflight.concurrency", quota=quota, needed=queues))
    reserved = sum(size.concurrency or 0 for size in environment.functions.values())
    if reserved:
        tick = Tick.WELL if quota - reserved >= LEFT_FOR_OTHERS else Tick.WRONG
        yield Finding(tick, said("preflight.reserved", reserved=reserved, quota=quota))


def names(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    named = environment.names
    if _there(session, named.stack("data")):
        yield Finding(Tick.WELL, said("preflight.names_ours"))
        return
    dynamodb, s3, secrets = session.client("dynamodb"), session.client("s3"), session.client("secretsmanager")
    looks: dict[str, Callable[[], object]] = {
        named.table(table): lambda table=table: dynamodb.describe_table(TableName=named.table(table))  # type: ignore[misc]  # bound at once
        for table in TABLES
    }
    looks |= {
        named.secret(secret): lambda secret=secret: secrets.describe_secret(SecretId=named.secret(secret))  # type: ignore[misc]  # the same
        for secret in SECRETS
    }
    looks[named.payload_bucket] = lambda: s3.head_bucket(Bucket=named.payload_bucket)
    taken = [name for name, look in looks.items() if _found(look) is not None]
    for name in taken:
        yield Finding(Tick.WRONG, said("preflight.name_taken", name=name))
    if not taken:
        yield Finding(Tick.WELL, said("preflight.names_free"))


def certificate(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    api = environment.api
    if api.certificate_arn is not None and api.domain is not None:
        found = session.client("acm").describe_certificate(CertificateArn=api.certificate_arn)["Certificate"]
        tick = Tick.WELL if found["Status"] == "ISSUED" else Tick.WRONG
        yield Finding(tick, said("preflight.certificate", domain=found["DomainName"], status=found["Status"]))
        domains = sorted({found["DomainName"], *found.get("SubjectAlternativeNames", [])})
        if not {api.domain, f"*.{api.domain.split('.', 1)[1]}"} & {*domains}:
            sentence = said("preflight.other_certificate", domains=", ".join(domains), wanted=api.domain)
            yield Finding(Tick.WRONG, sentence)


def key(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    own = environment.data.kms_key_arn
    if own is not None:
        state = str(session.client("kms").describe_key(KeyId=own)["KeyMetadata"]["KeyState"])
        tick = Tick.WELL if state == "Enabled" else Tick.WRONG
        yield Finding(tick, said("preflight.key", key=own.rsplit("/", 1)[1], state=state))


def listeners(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    topic = environment.monitoring.topic_arn or environment.names.topic_arn
    sns = session.client("sns")
    found = _found(lambda: sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"])
    if found is None:
        yield Finding(Tick.UNSEEN, said("preflight.no_topic"))
        return
    waiting = [each["Endpoint"] for each in found if each["SubscriptionArn"] == "PendingConfirmation"]
    for email in waiting:
        yield Finding(Tick.WRONG, said("preflight.unconfirmed", email=email))
    heard = len(found) - len(waiting)
    yield Finding(Tick.WELL if heard else Tick.WRONG, said("preflight.subscribed", count=heard))


def crm(environment: Environment, session: boto3.session.Session) -> Iterator[Finding]:
    """Dispatch asks, from the address that the CRM's firewall knows; no lead is sent."""
    if not _there(session, environment.names.stack("pipeline")):
        yield Finding(Tick.UNSEEN, said("preflight.not_deployed"))
        return
    command = {"command": "probe", "probe": "reach", "run": "preflight"}
    answer = session.client("lambda").invoke(
        FunctionName=environment.names.function("dispatch"), Payload=json.dumps(command).encode()
    )
    yield reached(json.loads(answer["Payload"].read() or b"null"))


def reached(report: Any) -> Finding:  # noqa: ANN401 — any JSON
    """What dispatch's answer to the probe means."""
    answer: dict[str, Any] = report if isinstance(report, dict) else {}
    status = answer.get("http_status")
    if answer.get("transport") == "answered" and status not in TURNED_AWAY:
        return Finding(Tick.WELL, said("preflight.crm_reached"))
    why = answer.get("error") or answer.get("refused") or answer.get("errorType") or f"HTTP {status}"
    return Finding(Tick.WRONG, said("preflight.crm_not_reached", why=str(why)))


CHECKS: Final[tuple[Check, ...]] = (
    account,
    bootstrap,
    addresses,
    network,
    concurrency,
    names,
    certificate,
    key,
    listeners,
    crm,
)


def _room(what: str, used: int, needed: int, quota: int) -> Finding:
    tick = Tick.WELL if used + needed <= quota else Tick.WRONG
    return Finding(tick, said("preflight.room", what=said(f"preflight.{what}"), used=used, quota=quota, needed=needed))


def _quota(session: boto3.session.Session, code: str) -> int:
    """The account's own value, or AWS's default where nobody asked for another."""
    quotas, service = session.client("service-quotas"), "ec2" if code == ADDRESSES else "vpc"
    own = _found(lambda: quotas.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])
    if own is not None:
        return int(own)
    return int(quotas.get_aws_default_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])


def _there(session: boto3.session.Session, stack: str) -> bool:
    try:
        return bool(session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"])
    except ClientError as error:
        if "does not exist" in str(error):
            return False
        raise


def _found(look: Callable[[], Any]) -> Any:  # noqa: ANN401 — what the client answers, or None
    """What a look finds, or None where there is no such thing."""
    try:
        return look()
    except ClientError as error:
        if error.response["Error"]["Code"] not in MISSING and "NoSuch" not in error.response["Error"]["Code"]:
            raise
        return None
