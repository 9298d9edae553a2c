"""The environment as a type: what a file of this folder describes."""

import platform
import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, model_validator

from functions.analysis.settings import Settings as AnalysisSettings
from functions.dispatch.settings import Settings as DispatchSettings
from functions.intake.settings import Settings as IntakeSettings
from functions.operations.settings import Settings as OperationsSettings
from functions.reconciliation.settings import Settings as ReconciliationSettings
from infra.environments import step_settings
from infra.environments.retry import Retry
from infra.environments.sections import (
    Api,
    Backup,
    Canary,
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
CA_BUNDLE: Final = "CRM_CA_BUNDLE"
ARCHITECTURES: Final = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "amd64": "x86_64"}


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
    canary: Canary | None = None
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
