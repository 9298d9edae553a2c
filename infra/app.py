"""Synthesise Postcall's CloudFormation templates: `python -m infra.app`, without credentials or network.

The environment is taken from the CDK context (`cdk synth -c env=uat`) or from POSTCALL_ENVIRONMENT; without either, all
of them are synthesised. The templates go to CDK_OUTDIR. Started without the CDK command line, the app reads the
feature flags from cdk.json itself: otherwise it would make other templates.
"""

import json
import os
import sys
from typing import Any, Final

import aws_cdk as cdk

from infra.environments import ENVIRONMENTS, BadConfigurationError, Environment, load
from infra.resources.dependency_layer import ROOT
from infra.stacks.address import AddressStack
from infra.stacks.api import ApiStack
from infra.stacks.data import DataStack
from infra.stacks.monitoring import MonitoringStack
from infra.stacks.network import NetworkStack
from infra.stacks.pipeline import PipelineStack

OWN_CONTEXT: Final = "CDK_CONTEXT_JSON"  # set by the CDK command line


def feature_flags() -> dict[str, Any]:
    """The context of cdk.json."""
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return context


def add_environment(app: cdk.App, environment: Environment) -> dict[str, cdk.Stack]:
    """The stacks of one environment, by lifetime, in the order they are deployed in.

    Where the account brings addresses or a whole network, there is no stack for them.
    """
    own = environment.network
    address = None if own.allocation_ids or own.vpc_id else AddressStack(app, environment)
    api = ApiStack(app, environment)
    allocations = list(own.allocation_ids) if address is None else address.allocation_ids
    network = None if own.vpc_id else NetworkStack(app, environment, allocations)
    data = DataStack(app, environment)
    pipeline = PipelineStack(app, environment, None if network is None else network.vpc, data.key, api)
    pipeline.add_stack_dependency(data)  # it knows the tables, the bucket and the secrets by name only
    nat_gateways = {} if network is None else network.nat_gateways
    monitoring = MonitoringStack(
        app,
        environment,
        key=data.key,
        api=pipeline.api.specs,
        console_url=api.console_url,
        nat_gateways=nat_gateways,
    )
    made = {
        "address": address,
        "api": api,
        "network": network,
        "data": data,
        "pipeline": pipeline,
        "monitoring": monitoring,
    }
    return {lifetime: stack for lifetime, stack in made.items() if stack is not None}


def main() -> None:
    app = cdk.App(context=None if OWN_CONTEXT in os.environ else feature_flags())
    chosen = app.node.try_get_context("env") or os.environ.get("POSTCALL_ENVIRONMENT")
    for name in [chosen] if chosen else ENVIRONMENTS:
        add_environment(app, load(name))
    app.synth()


if __name__ == "__main__":
    try:
        main()
    except BadConfigurationError as error:
        sys.exit(f"Cannot synthesise: {error}")
