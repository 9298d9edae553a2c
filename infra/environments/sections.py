"""The sections of an environment's file that describe AWS resources, each with the limits AWS sets."""

from ipaddress import IPv4Network
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, EmailStr, Field, StringConstraints, field_validator

from infra.environments.shape import Shape
from infra.names import Step

LARGEST_VPC_PREFIX = 16
SMALLEST_VPC_PREFIX = 28
# The days that CloudWatch Logs can keep, with the CDK's word for each.
LOG_DAYS: Final = {
    1: "ONE_DAY",
    3: "THREE_DAYS",
    5: "FIVE_DAYS",
    7: "ONE_WEEK",
    14: "TWO_WEEKS",
    30: "ONE_MONTH",
    60: "TWO_MONTHS",
    90: "THREE_MONTHS",
    120: "FOUR_MONTHS",
    150: "FIVE_MONTHS",
    180: "SIX_MONTHS",
    365: "ONE_YEAR",
    400: "THIRTEEN_MONTHS",
    545: "EIGHTEEN_MONTHS",
    731: "TWO_YEARS",
    1096: "THREE_YEARS",
    1827: "FIVE_YEARS",
    2192: "SIX_YEARS",
    2557: "SEVEN_YEARS",
    2922: "EIGHT_YEARS",
    3288: "NINE_YEARS",
    3653: "TEN_YEARS",
}


def _log_days(value: int) -> int:
    """A number of days that CloudWatch Logs can keep."""
    if value not in LOG_DAYS:
        raise ValueError(f"CloudWatch keeps logs for {', '.join(map(str, LOG_DAYS))} days, not for {value}")
    return value


LogDays = Annotated[int, AfterValidator(_log_days)]
LAMBDA_TIMEOUT_SECONDS = 900


VpcId = Annotated[str, StringConstraints(pattern=r"^vpc-[0-9a-f]{8,17}$")]
SubnetId = Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]
AllocationId = Annotated[str, StringConstraints(pattern=r"^eipalloc-[0-9a-f]{8,17}$")]
KeyArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+$")]
VaultArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[\w-]+$")]


class Network(Shape):
    """Our own network of `cidr`, or `vpc_id` with the `subnet_ids` that dispatch shall leave from.

    `allocation_ids` are Elastic IPs that there are, one for each NAT gateway of ours: for addresses that the CRM's
    owner has already allowlisted.
    """

    cidr: IPv4Network | None = None
    nat_gateways: int = Field(default=1, ge=1, le=3)
    flow_log_days: LogDays = 30
    vpc_id: VpcId | None = None
    subnet_ids: tuple[SubnetId, ...] = ()
    allocation_ids: tuple[AllocationId, ...] = ()

    @field_validator("cidr")
    @classmethod
    def _fits_a_vpc(cls, value: IPv4Network | None) -> IPv4Network | None:
        if value is None:
            return None
        if not LARGEST_VPC_PREFIX <= value.prefixlen <= SMALLEST_VPC_PREFIX or not value.is_private:
            raise ValueError(f"must be a private network between /{LARGEST_VPC_PREFIX} and /{SMALLEST_VPC_PREFIX}")
        return value


class Data(Shape):
    """`protected`: deletion protection on tables, termination protection on the stack, everything kept on removal.

    `kms_key_arn` is a key of one's own in the same region; its policy must let CloudWatch and Budgets use it. Ours is
    rotated every `key_rotation_days`: each of the first two rotations adds a dollar a month for good.
    """

    protected: bool
    kms_key_arn: KeyArn | None = None
    key_rotation_days: int = Field(default=365, ge=90, le=2560)
    recovery_days: int = Field(ge=1, le=35)
    max_read_units: int = Field(ge=1)
    max_write_units: int = Field(ge=1)


class Backup(Shape):
    """A daily copy of the tables by AWS Backup, kept for `keep_days`.

    `copy_to` is a vault of another region or account that takes a copy of each: it must be there.
    """

    keep_days: int = Field(default=35, ge=1, le=36_500)
    copy_to: VaultArn | None = None


class Canary(Shape):
    """A new version of these steps gets a tenth of the calls for so many minutes, and goes if an alarm rings.

    Worth it from some calls a minute on: of an hour's one call a tenth shows nothing, and every deployment waits.
    """

    steps: tuple[Literal["intake", "operations"], ...] = Field(default=("intake",), min_length=1)
    minutes: Literal[5, 10, 15, 30] = 10


class Runtime(Shape):
    """`host` takes the interpreter and processor of the machine that synthesises: its Lambda emulator runs there."""

    python: Literal["3.13", "host"]
    architecture: Literal["arm64", "x86_64", "host"]
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_days: LogDays
    snap_start: tuple[Step, ...] = ()


class Size(Shape):
    """`concurrency` is both what is kept for the function and the most it may take; None shares the account's pool.

    AWS refuses it where less than 100 would be left for the others, so a new account needs its quota raised first.
    """

    concurrency: int | None = Field(default=None, ge=1, le=10_000)
    memory_mb: int = Field(ge=128, le=10_240)
    timeout_seconds: int = Field(ge=1, le=LAMBDA_TIMEOUT_SECONDS)


class Queues(Shape):
    """A queue hides a message for `visibility_per_timeout` times its function's timeout; AWS advises six.

    `analysis_batch` is how many calls wait for the model side by side in one environment of the analysis function.
    How long a queue keeps trying is told by either the receives a message may have or the outage they must outlast.
    """

    visibility_per_timeout: int = Field(default=6, ge=2)
    retention_days: int = Field(default=4, ge=1, le=14)
    dead_letter_days: int = Field(default=14, ge=1, le=14)
    analysis_concurrency: int = Field(ge=2, le=1000)
    analysis_batch: int = Field(default=10, ge=1, le=10)
    analysis_receives: int | None = None
    analysis_outage_hours: float | None = None
    dispatch_receives: int | None = None
    dispatch_outage_hours: float | None = None


class Schedules(Shape):
    """When reconciliation runs: the sweep, the search for missed calls, and the ledger at `ledger_hour` (UTC)."""

    sweep_every_minutes: int = Field(default=5, ge=1)
    reconcile_every_minutes: int = Field(default=15, ge=1)
    ledger_hour: int = Field(default=1, ge=0, le=23)


DomainName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
CertificateArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/.+$")]


TopicArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$")]


class Firewall(Shape):
    """The web application firewall in front of a REST API.

    `webhook_only_from` names the senders' addresses that ElevenLabs publishes for a kind of account; None takes a
    webhook from anywhere, as its signature is what proves it. `and_from` adds addresses of one's own, for tests.
    """

    requests_per_five_minutes: int = Field(default=10_000, ge=10, le=2_000_000_000)
    webhook_only_from: Literal["default", "eu_residency", "in_residency", "sg_residency"] | None = None
    and_from: tuple[IPv4Network, ...] = ()
    log_days: LogDays = 30


class Api(Shape):
    """`rest` brings the firewall, for about eight dollars a month and three and a half times the price a request.

    `webhook_…` is the webhook's own budget: what operators and own systems ask for never takes it, nor it theirs.
    `domain` with `certificate_arn` (of the same region) is an address of one's own, which outlives any API.
    """

    domain: DomainName | None = None
    certificate_arn: CertificateArn | None = None
    kind: Literal["http", "rest"] = "http"
    requests_per_second: int = Field(ge=1)
    burst: int = Field(ge=1)
    webhook_requests_per_second: int = Field(ge=1)
    webhook_burst: int = Field(ge=1)
    firewall: Firewall | None = None


class GitHub(Shape):
    """Who may deploy from GitHub without a key.

    `repository` stands as GitHub's tokens spell it in their subject: `OWNER/NAME`, and for a repository made, renamed
    or moved after 15 July 2026 `OWNER@OWNER-ID/NAME@REPOSITORY-ID`. Such ids are never given twice, names are.
    `provider` is `create` once per account, and `existing` where another stack has made it.
    """

    repository: Annotated[str, StringConstraints(pattern=r"^([\w.-]+/[\w.-]+|[\w.-]+@\d+/[\w.-]+@\d+)$")]
    provider: Literal["create", "existing"] = "create"


class Monitoring(Shape):
    """Thresholds of the alarms; `None` leaves that alarm out.

    `topic_arn` is a topic of one's own that the alarms go to: it must let CloudWatch and Budgets publish.
    """

    topic_arn: TopicArn | None = None
    emails: tuple[EmailStr, ...] = ()
    oldest_message_minutes: int = Field(default=60, ge=1)
    no_calls_hours: int | None = Field(default=None, ge=1, le=24)
    analyses_offline: bool
    budget_usd: int | None = Field(default=None, ge=1)
