"""An environment as a typed, immutable object, read from the file of its name beside this module.

Nobody asks an environment for its name to decide something: what differs is a field. A wrong value stops the synthesis
with one sentence that names the file and the field.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from infra.environments.environment import FOLDER, HTTPS_PORT, Environment
from infra.environments.rules import broken_rules

__all__ = ["ENVIRONMENTS", "FOLDER", "HTTPS_PORT", "BadConfigurationError", "Environment", "load", "parse"]
ENVIRONMENTS: Final = ("local", "uat", "prod")


class BadConfigurationError(ValueError):
    """A value of an environment's file cannot be deployed; the text is one sentence for a person."""


def load(name: str, folder: Path = FOLDER) -> Environment:
    """The environment of that name.

    Raises:
        BadConfigurationError: There is none, or its file is wrong; the text names the file.
    """
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
    """The environment those values describe.

    Raises:
        BadConfigurationError: A value is wrong; the text names each such field.
    """
    try:
        environment = Environment.model_validate(values)
        broken = next(broken_rules(environment), None)
    except ValidationError as error:
        raise BadConfigurationError(_sentence(error)) from error
    except ValueError as error:  # a step's own reader refuses
        raise BadConfigurationError(str(error)) from error
    if broken is not None:
        raise BadConfigurationError(broken)
    return environment


def _sentence(error: ValidationError) -> str:
    """The wrong fields with their reasons; a value is not repeated, it may be long."""
    return "; ".join(
        ": ".join(filter(None, [".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, ")]))
        for fault in error.errors(include_url=False, include_input=False)
    )
