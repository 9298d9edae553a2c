"""What an environment goes through, by whatever templates and commands: each scenario answers what became of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Final

from infra.deployment.__main__ import CDK_DESTROY
from infra.deployment.first import protected_stacks
from tests.e2e.deployments.clone import Clone, prepare_account
from tests.e2e.deployments.replaced import with_templates
from tests.infra.earlier import earlier

DEPLOY: Final = ("npx", "--no-install", "cdk", "deploy", "--all", "--require-approval", "never")
GOING: Final = ("monitoring", "pipeline", "network", "data")
Done = CompletedProcess[str]


@dataclass(frozen=True)
class Way:
    """An assembly in a clone, and the commands that its project deployed it and took it down with."""

    clone: Clone
    environment: str
    assembly: Path
    deploy: Callable[[], Done]
    teardown: Callable[[], Done]

    def stack(self, lifetime: str) -> str:
        return f"postcall-{self.environment}-{lifetime}"

    def destroy(self, *lifetimes: str) -> Done:
        """By the CDK's own command line."""
        return self.clone.run(*CDK_DESTROY, "--app", str(self.assembly), *map(self.stack, lifetimes))

    def protected(self) -> set[str]:
        """The stacks whose termination protection is on."""
        found = self.clone.aws.cloudformation().describe_stacks()["Stacks"]
        return {each["StackName"] for each in found if each.get("EnableTerminationProtection")}


def todays(clone: Clone, environment: str) -> Way:
    """What this commit makes, by its commands."""
    assembly = clone.synthesise(environment)
    prepare_account(clone)
    down = (sys.executable, "-m", "infra.deployment", "teardown", environment, f"postcall-{environment}")
    return Way(clone, environment, assembly, lambda: clone.deploy(environment), lambda: clone.run(*down))


def earliers(clone: Clone, environment: str) -> Way:
    """The templates of the earlier commit, by the commands that its `make deploy` and its docs/deploy.md had."""
    assembly = with_templates(clone.synthesise(environment), earlier(environment), clone.account)
    prepare_account(clone)
    app = ("--app", str(assembly))
    down = (*CDK_DESTROY, *app, *(f"postcall-{environment}-{lifetime}" for lifetime in GOING))
    return Way(clone, environment, assembly, lambda: clone.run(*DEPLOY, *app), lambda: clone.run(*down))


@dataclass(frozen=True)
class Twice:
    """A first deployment that failed in the middle, what it left, and the same command again."""

    failed: Done
    left: dict[str, Any]
    repeated: Done


def deploy_twice(way: Way) -> Twice:
    """Somebody holds a name in the middle of the data stack; they let go of it; the very same command again."""
    secrets = way.clone.aws.secrets_manager()
    held = held_name(way)
    secrets.create_secret(Name=held, SecretString="somebody else's")
    failed = way.deploy()
    left = {
        "data": way.clone.statuses().get(way.stack("data")),
        "protected": sorted(way.protected() & {*protected_stacks(way.assembly)}),
        "tables": way.clone.aws.dynamodb().list_tables()["TableNames"],
        "secrets": [each["Name"] for each in secrets.list_secrets()["SecretList"]],
        "groups": way.clone.aws.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"],
    }
    secrets.delete_secret(SecretId=held, ForceDeleteWithoutRecovery=True)
    return Twice(failed, left, way.deploy())


def held_name(way: Way) -> str:
    """A name in the middle of the data stack."""
    return f"postcall/{way.environment}/search-key"


def pipeline_anew(way: Way) -> Done:
    """Monitoring and pipeline are destroyed, and all is deployed again; how the deployment ended."""
    gone = ("monitoring", "pipeline")
    destroyed = way.destroy(*gone)
    assert destroyed.returncode == 0, destroyed.stdout
    assert not {*map(way.stack, gone)} & way.clone.statuses().keys()
    return way.deploy()


def take_down_with_data(way: Way) -> Done:
    """The bucket holds something, and the environment is taken down."""
    bucket = way.clone.outputs(way.stack("data"))["PayloadBucket"]
    way.clone.aws.s3().put_object(Bucket=bucket, Key="payload", Body=b"{}")
    return way.teardown()
