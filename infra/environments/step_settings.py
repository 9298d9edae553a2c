"""What the steps are told: each step's `Settings` says which settings there are, the environment's file their values.

One rule joins the two: a section and a key make the variable, so `timeout_seconds` in `[crm]` is CRM_TIMEOUT_SECONDS.
Every step's own reader runs over what its function would find, so that a synthesis refuses what the function would.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from functions.analysis.settings import Settings as AnalysisSettings
from functions.dispatch.settings import Settings as DispatchSettings
from functions.intake.settings import Settings as IntakeSettings
from functions.operations.settings import Settings as OperationsSettings
from functions.reconciliation.settings import Settings as ReconciliationSettings
from infra.names import Names, QueueName, Step
from postcall.settings import SettingError, read_settings
from postcall.shared_settings import OUTSIDE_SYSTEMS

SETTINGS: Final[dict[Step, type[Any]]] = {
    "intake": IntakeSettings,
    "analysis": AnalysisSettings,
    "dispatch": DispatchSettings,
    "operations": OperationsSettings,
    "reconciliation": ReconciliationSettings,
}
T = TypeVar("T")
Values = Mapping[str, str]
QueueUrls = Mapping[QueueName, str]


def values_of(sections: Mapping[str, Any]) -> dict[str, str]:
    """The variables that the sections of an environment's file set, as text.

    Raises:
        ValueError: For an unknown one.
    """
    known = {field.name.upper() for step in SETTINGS for field in chosen_fields(step)}
    found: dict[str, str] = {}
    for section, keys in sections.items():
        if not isinstance(keys, dict):
            raise ValueError(f"{section}: there is no such field.")  # noqa: TRY004 — a wrong value of the file
        for key, value in keys.items():
            variable = f"{section}_{key}".upper()
            if variable not in known:
                raise ValueError(f"{section}.{key}: no step has a setting {variable}.")
            found[variable] = _text(value)
    return found


def chosen_fields(step: Step) -> Iterator[dataclasses.Field[Any]]:
    """The step's settings that somebody chooses; the others are names of resources."""
    return (field for field in dataclasses.fields(SETTINGS[step]) if field.metadata["about"])


def variables(
    settings: type[Any], names: Names, queues: QueueUrls, dead_letters: QueueUrls, values: Values
) -> dict[str, str]:
    """What a step's settings find in the function's environment; a setting that the file leaves out is left out."""
    found = resources(names, queues, dead_letters) | dict(values)
    wanted = [field.name.upper() for field in dataclasses.fields(settings)]
    return {variable: found[variable] for variable in wanted if variable in found}


def resources(names: Names, queues: QueueUrls, dead_letters: QueueUrls) -> dict[str, str]:
    """The names and addresses of what the stacks make, by variable."""
    return {
        "EVENTS_TABLE": names.table("webhook_events"),
        "ANALYSES_TABLE": names.table("analyses"),
        "DISPATCHES_TABLE": names.table("crm_dispatches"),
        "CIRCUITS_TABLE": names.table("circuits"),
        "QUARANTINE_TABLE": names.table("quarantine"),
        "LEDGERS_TABLE": names.table("ledgers"),
        "PAYLOAD_BUCKET": names.payload_bucket,
        "ANALYSIS_QUEUE_URL": queues["analysis"],
        "DISPATCH_QUEUE_URL": queues["dispatch"],
        "ANALYSIS_DEAD_LETTERS_URL": dead_letters["analysis"],
        "DISPATCH_DEAD_LETTERS_URL": dead_letters["dispatch"],
        "INTAKE_FUNCTION": names.function("intake"),
        "RECONCILIATION_FUNCTION": names.function("reconciliation"),
        "ELEVENLABS_WEBHOOK_SECRET_ID": names.secret("elevenlabs-webhook"),
        "ELEVENLABS_API_SECRET_ID": names.secret("elevenlabs-api"),
        "OPERATOR_TOKENS_SECRET_ID": names.secret("operator-tokens"),
        "OPENAI_SECRET_ID": names.secret("openai"),
        "SEARCH_KEY_SECRET_ID": names.secret("search-key"),
    }


def read(settings: type[T], names: Names, values: Values) -> T:
    """A step's settings as its function will read them.

    Raises:
        ValueError: With the function's own sentence.
    """
    nowhere: QueueUrls = {"analysis": "unknown", "dispatch": "unknown"}  # an address is made at deployment
    try:
        return read_settings(settings, variables(settings, names, nowhere, nowhere, values))
    except SettingError as error:
        raise ValueError(str(error)) from error


def outside_variables() -> list[str]:
    """The variables that say how outside systems are spoken to: an environment may leave them to its deployment."""
    fields = (field.name.upper() for step in SETTINGS for field in chosen_fields(step))
    return sorted({variable for variable in fields if variable.startswith(OUTSIDE_SYSTEMS)})


def _text(value: object) -> str:
    """A TOML value as a variable's text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)
