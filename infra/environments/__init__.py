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

from pydantic import Field, StringConstraints, ValidationError, model_validator

from infra.environments.crm import Crm, ElevenLabs, Model
from infra.environments.rules import broken_rules
from infra.environments.sections import (
    Analysis,
    Api,
    Data,
    GitHub,
    Intake,
    Monitoring,
    Network,
    Queues,
    Reconciliation,
    Runtime,
    Size,
)
from infra.environments.shape import Shape
from infra.names import Names, Step

FOLDER: Final = Path(__file__).parent
ENVIRONMENTS: Final = ("local", "uat", "prod")
ARCHITECTURES: Final = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "amd64": "x86_64"}


class BadConfigurationError(ValueError):
    """A value of an environment's file cannot be deployed; the text is one sentence for a person."""


class Environment(Shape):
    """Everything that differs between local, UAT and prod.

    `settings_at_deployment`: the outside systems' settings are CloudFormation parameters instead of literals.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,9}$")]
    account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[a-z]+-\d$")]
    availability_zones: tuple[str, ...] = Field(min_length=2, max_length=3)
    settings_at_deployment: bool
    network: Network
    data: Data
    runtime: Runtime
    functions: dict[Step, Size]
    queues: Queues
    intake: Intake = Intake()
    analysis: Analysis = Analysis()
    reconciliation: Reconciliation = Reconciliation()
    api: Api
    crm: Crm
    model: Model
    elevenlabs: ElevenLabs = ElevenLabs()
    monitoring: Monitoring
    github: GitHub | None = None

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
