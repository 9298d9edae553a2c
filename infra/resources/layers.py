"""The two layers every function stands on: the shared package `postcall`, and the locked dependencies."""

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.environments import Environment
from infra.resources.dependency_layer import dependency_code
from infra.resources.own_code import shared_layer_code


def runtime(environment: Environment) -> lambda_.Runtime:
    return lambda_.Runtime(f"python{environment.python}", lambda_.RuntimeFamily.PYTHON, supports_snap_start=True)


def architecture(environment: Environment) -> lambda_.Architecture:
    arm = environment.architecture == "arm64"
    return lambda_.Architecture.ARM_64 if arm else lambda_.Architecture.X86_64


class Layers(Construct):
    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(scope, "Layers")
        self.all = [
            self._version("Postcall", "What the steps agree on", shared_layer_code(environment), environment),
            self._version("Dependencies", "requirements/layer.txt", dependency_code(environment), environment),
        ]

    def _version(
        self, construct_id: str, description: str, code: lambda_.Code, environment: Environment
    ) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            construct_id,
            layer_version_name=f"{environment.names.prefix}-{construct_id.lower()}",
            description=description,
            code=code,
            compatible_runtimes=[runtime(environment)],
            compatible_architectures=[architecture(environment)],
        )
