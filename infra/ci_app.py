"""Synthesise the stack that lets GitHub deploy: `cdk deploy --app ".venv/bin/python -m infra.ci_app" -c env=uat`."""

import os
import sys

import aws_cdk as cdk

from infra.app import OWN_CONTEXT, feature_flags
from infra.deployment.readiness import missing
from infra.environments import BadConfigurationError, Environment, load
from infra.stacks.ci import CiStack


def add_ci(app: cdk.App, environment: Environment) -> CiStack:
    """The environment's stack.

    Raises:
        BadConfigurationError: GitHub does not deploy it.
    """
    if environment.github is None:
        raise BadConfigurationError(f"{environment.name}.toml has no section [github]: nothing deploys it from there.")
    return CiStack(app, environment, environment.github)


def main() -> None:
    """Synthesise the stack of the environment that is named.

    Raises:
        BadConfigurationError: None is named, or its file is not complete.
    """
    app = cdk.App(context=None if OWN_CONTEXT in os.environ else feature_flags())
    chosen = app.node.try_get_context("env") or os.environ.get("POSTCALL_ENVIRONMENT")
    if not chosen:
        raise BadConfigurationError("name the environment: -c env=uat, or POSTCALL_ENVIRONMENT=uat.")
    environment = load(chosen)
    for sentence in missing(environment):  # the placeholder of a repository may be somebody's
        raise BadConfigurationError(f"{chosen}.toml: {sentence}.")
    add_ci(app, environment)
    app.synth()


if __name__ == "__main__":
    try:
        main()
    except BadConfigurationError as error:
        sys.exit(f"Cannot synthesise: {error}")
