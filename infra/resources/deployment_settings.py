"""Settings that an environment leaves to its deployment: CloudFormation parameters in place of literals."""

import aws_cdk as cdk
from constructs import Construct

from infra.environments import Environment
from infra.names import camel_case
from infra.resources.function_environment import outside_settings


class DeploymentSettings(Construct):
    """One parameter per setting, where the environment wants it so; otherwise nothing."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(scope, "Settings")
        settings = outside_settings(environment) if environment.settings_at_deployment else {}
        self._parameters = {variable: self._parameter(variable, value) for variable, value in settings.items()}

    def applied_to(self, variables: dict[str, str]) -> dict[str, str]:
        """The same variables, those left to the deployment referring to their parameter."""
        return {variable: self._parameters.get(variable, value) for variable, value in variables.items()}

    def _parameter(self, variable: str, default: str) -> str:
        name = camel_case(variable)
        parameter = cdk.CfnParameter(self, name, default=default, description=f"The functions' {variable}")
        parameter.override_logical_id(name)
        return parameter.value_as_string
