"""An environment as a typed, immutable object, read from the file of its name beside this module.

Nobody asks an environment for its name to decide something: what differs is a field. A wrong value stops the synthesis
with one sentence that names the file and the field.
"""

import platform
import sys
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, ValidationError, model_validator

from functions.analysis.settings import Settings as AnalysisSettings
from functions.dispatch.settings import Settings as DispatchSettings
from functions.intake.settings import Settings as IntakeSettings
from functions.operations.settings import Settings as OperationsSettings
from functions.reconciliation.settings import Settings as ReconciliationSettings
from infra.environments import step_settings
from infra.environments.retry import Retry
from infra.environments.rules import broken_rules
from infra.environments.sections import (
    Api,
    Backup,
    Data,
    GitHub,
    Monitoring,
    Network,
    Queues,
    Runtime,
    Schedules,
    Size,
)
from infra.environments.shape import Shape
from infra.names import Names, Step

HTTPS_PORT: Final = 443
FOLDER: Final = Path(__file__).parent
ENVIRONMENTS: Final = ("local", "uat", "prod")
CA_BUNDLE: Final = "CRM_CA_BUNDLE"
ARCHITECTURES: Final = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "amd64": "x86_64"}


class BadConfigurationError(ValueError):
    """A value of an environment's file cannot be deployed; the text is one sentence for a person."""


class Environment(Shape):
    """Everything that differs between local, UAT and prod.

    `tags` stand on every resource beside our own; `permissions_boundary` is a policy that every role is bound by;
    `bootstrap_qualifier` names the CDK's bootstrap stack, where an account has one of its own.
    `settings_at_deployment`: the outside systems' settings are CloudFormation parameters instead of literals.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,9}$")]
    account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[a-z]+-\d$")]
    availability_zones: tuple[str, ...] = Field(min_length=2, max_length=3)
    settings_at_deployment: bool
    network: Network
    data: Data
    backup: Backup | None = None
    runtime: Runtime
    functions: dict[Step, Size]
    queues: Queues
    schedules: Schedules = Schedules()
    tags: dict[str, str] = Field(default_factory=dict)
    permissions_boundary: (
        Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:policy/.+$")] | None
    ) = None
    bootstrap_qualifier: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,10}$")] = "hnb659fds"
    api: Api
    monitoring: Monitoring
    github: GitHub | None = None
    values: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _sections_of_the_steps(cls, given: Any) -> Any:  # noqa: ANN401 — whatever the file holds
        """Every section that describes no resource holds settings of the steps."""
        ours = set(cls.model_fields) - {"values"}
        others = {name: section for name, section in given.items() if name not in ours}
        values = step_settings.values_of(others)
        if values.get(CA_BUNDLE):  # beside the environments' files, wherever the synthesis is started
            values[CA_BUNDLE] = str(FOLDER / values[CA_BUNDLE])
        return {name: given[name] for name in given if name in ours} | {"values": values}

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for sentence in broken_rules(self):
            raise ValueError(sentence)
        return self

    @cached_property
    def names(self) -> Names:
        return Names(self.name, self.account, self.region)

    @property
    def python(self) -> str:
        """The functions' Python as major.minor."""
        return f"{sys.version_info[0]}.{sys.version_info[1]}" if self.runtime.python == "host" else self.runtime.python

    @property
    def architecture(self) -> str:
        """The functions' processor: arm64 or x86_64."""
        if self.runtime.architecture != "host":
            return self.runtime.architecture
        return ARCHITECTURES[platform.machine().lower()]

    @property
    def ca_bundle(self) -> Path | None:
        """The file of certificates that dispatch is to trust, which is packed with it."""
        return self.dispatch.crm_ca_bundle

    @cached_property
    def intake(self) -> IntakeSettings:
        """Intake's settings as its function will read them; the same for the other steps."""
        return step_settings.read(IntakeSettings, self.names, self.values)

    @cached_property
    def analysis(self) -> AnalysisSettings:
        return step_settings.read(AnalysisSettings, self.names, self.values)

    @cached_property
    def dispatch(self) -> DispatchSettings:
        return step_settings.read(DispatchSettings, self.names, self.values)

    @cached_property
    def operations(self) -> OperationsSettings:
        return step_settings.read(OperationsSettings, self.names, self.values)

    @cached_property
    def reconciliation(self) -> ReconciliationSettings:
        return step_settings.read(ReconciliationSettings, self.names, self.values)

    @property
    def analysis_retry(self) -> Retry:
        """How long the analysis queue keeps trying."""
        return Retry(
            base_seconds=self.analysis.analysis_retry_base_seconds,
            cap_seconds=self.analysis.analysis_retry_cap_seconds,
            outage_hours=self.queues.analysis_outage_hours,
            receives=self.queues.analysis_receives,
        )

    @property
    def dispatch_retry(self) -> Retry:
        """How long the dispatch queue keeps trying."""
        return Retry(
            base_seconds=self.dispatch.dispatch_retry_base_seconds,
            cap_seconds=self.dispatch.dispatch_retry_cap_seconds,
            outage_hours=self.queues.dispatch_outage_hours,
            receives=self.queues.dispatch_receives,
        )

    @property
    def crm_port(self) -> int:
        """The port the CRM listens on: the one hole, beside 443, in the dispatch function's firewall."""
        return urlsplit(self.dispatch.crm_service_url).port or HTTPS_PORT

    def visibility_seconds(self, step: Step) -> int:
        return self.functions[step].timeout_seconds * self.queues.visibility_per_timeout


def load(name: str, folder: Path = FOLDER) -> Environment:
    """The environment of that name; raises `BadConfigurationError`."""
    path = folder / f"{name}.toml"
    if not path.exists():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.toml")))
        raise BadConfigurationError(f"There is no environment '{name}': choose one of {known}.")
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise BadConfigurationError(f"{path.name} is not valid TOML: {error}.") from error
    except BadConfigurationError as error:
        raise BadConfigurationError(f"{path.name}: {error}") from error.__cause__


def parse(values: dict[str, Any]) -> Environment:
    """The environment those values describe; raises `BadConfigurationError` naming each wrong field."""
    try:
        return Environment.model_validate(values)
    except ValidationError as error:
        raise BadConfigurationError(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    """The wrong fields with their reasons; a value is not repeated, it may be long."""
    return "; ".join(
        ": ".join(filter(None, [".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, ")]))
        for fault in error.errors(include_url=False, include_input=False)
    )
