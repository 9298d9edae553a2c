"""The sections of an environment's file that describe AWS resources, each with the limits AWS sets."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import EmailStr, Field, StringConstraints, field_validator

from infra.environments.retry import Retry
from infra.environments.shape import Shape
from infra.names import Step

LARGEST_VPC_PREFIX = 16
SMALLEST_VPC_PREFIX = 24
LAMBDA_TIMEOUT_SECONDS = 900


class Network(Shape):
    cidr: IPv4Network
    nat_gateways: int = Field(ge=1, le=3)
    flow_log_days: int = Field(ge=1)

    @field_validator("cidr")
    @classmethod
    def _fits_a_vpc(cls, value: IPv4Network) -> IPv4Network:
        if not LARGEST_VPC_PREFIX <= value.prefixlen <= SMALLEST_VPC_PREFIX or not value.is_private:
            raise ValueError(f"must be a private network between /{LARGEST_VPC_PREFIX} and /{SMALLEST_VPC_PREFIX}")
        return value


class Data(Shape):
    """`protected`: deletion protection on tables, termination protection on the stack, everything kept on removal."""

    protected: bool
    recovery_days: int = Field(ge=1, le=35)
    event_ttl_days: int = Field(ge=1, le=3650)
    max_read_units: int = Field(ge=1)
    max_write_units: int = Field(ge=1)


class Runtime(Shape):
    """`host` takes the interpreter and processor of the machine that synthesises: its Lambda emulator runs there."""

    python: Literal["3.13", "host"]
    architecture: Literal["arm64", "x86_64", "host"]
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_days: int = Field(ge=1)
    snap_start: tuple[Step, ...] = ()


class Size(Shape):
    memory_mb: int = Field(ge=128, le=10_240)
    timeout_seconds: int = Field(ge=1, le=LAMBDA_TIMEOUT_SECONDS)


class Queues(Shape):
    """A queue hides a message for `visibility_per_timeout` times its function's timeout; AWS advises six."""

    visibility_per_timeout: int = Field(default=6, ge=2)
    retention_days: int = Field(default=4, ge=1, le=14)
    dead_letter_days: int = Field(default=14, ge=1, le=14)
    analysis_concurrency: int = Field(ge=2, le=1000)
    dispatch_concurrency: int = Field(ge=2, le=1000)
    analysis_retry: Retry
    dispatch_retry: Retry
    dispatch_lease_seconds: int = Field(ge=1)


class Intake(Shape):
    signature_tolerance_seconds: int = Field(default=3600, ge=60)
    max_body_bytes: int = Field(default=6_291_456, ge=1_000, le=6_291_456)


class Analysis(Shape):
    """How long a call may wait for the model, and how its caller's number is read."""

    max_wait_seconds: int = Field(default=600, ge=0, le=86_400)
    caller_id_as_contact: Literal["agreed", "unless_refused"] = "unless_refused"
    phone_regions: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")], ...] = ("BY", "RU")


class Reconciliation(Shape):
    """An event that waits for the CRM stands still on purpose: it is swept later than the others."""

    every_minutes: int = Field(default=5, ge=1)
    stuck_after_seconds: int = Field(default=900, ge=10, le=86_400)
    retrying_after_seconds: int = Field(default=9_000, ge=10, le=172_800)
    max_sweeps: int = Field(default=5, ge=1)


class Api(Shape):
    requests_per_second: int = Field(ge=1)
    burst: int = Field(ge=1)


class Monitoring(Shape):
    """Thresholds of the alarms; `None` leaves that alarm out."""

    emails: tuple[EmailStr, ...] = ()
    oldest_message_minutes: int = Field(default=60, ge=1)
    no_calls_hours: int | None = Field(default=None, ge=1, le=24)
    analyses_offline: bool
    budget_usd: int | None = Field(default=None, ge=1)
