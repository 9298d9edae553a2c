"""The environment variables of each function: what all functions are told, and what the step's own settings ask for."""

from collections.abc import Mapping
from typing import Final

from infra.environments import Environment, step_settings
from infra.environments.environment import CA_BUNDLE
from infra.names import QueueName, Step

TASK: Final = "/var/task"  # where Lambda unpacks a function
PACKED_CA_BUNDLE: Final = "ca_bundle.pem"

COMMON: Final = ("POSTCALL_ENVIRONMENT", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE")

QueueUrls = Mapping[QueueName, str]


def variables(step: Step, environment: Environment, queues: QueueUrls, dead_letters: QueueUrls) -> dict[str, str]:
    """What the function of this step finds in its environment."""
    common = {
        "POSTCALL_ENVIRONMENT": environment.name,
        "LOG_LEVEL": environment.runtime.log_level,
        "POWERTOOLS_SERVICE_NAME": step,
        "POWERTOOLS_METRICS_NAMESPACE": environment.names.metrics_namespace,
    }
    left = outside_settings(environment) if environment.settings_at_deployment else {}
    settings, values = step_settings.SETTINGS[step], left | environment.values
    if environment.ca_bundle is not None:
        values[CA_BUNDLE] = f"{TASK}/{PACKED_CA_BUNDLE}"
    return common | step_settings.variables(settings, environment.names, queues, dead_letters, values)


def outside_settings(environment: Environment) -> dict[str, str]:
    """The outside systems' settings, which an environment may leave to its deployment; one that is not set is empty."""
    return {variable: environment.values.get(variable, "") for variable in step_settings.outside_variables()}
