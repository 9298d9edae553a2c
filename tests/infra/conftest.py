"""One synthesis of all environments for the whole test session: every test reads the same templates."""

from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
import pytest

from infra.app import add_environment, feature_flags
from infra.environments import ENVIRONMENTS, load
from tests.infra.templates import Templates

NO_BUNDLING: Final[dict[str, Any]] = {"aws:cdk:bundling-stacks": []}


@pytest.fixture(scope="session")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The templates and assets of every environment, without the dependency layer."""
    folder: Path = tmp_path_factory.mktemp("cdk.out")
    app = cdk.App(context=feature_flags() | NO_BUNDLING, outdir=str(folder))
    for name in ENVIRONMENTS:
        add_environment(app, load(name))
    app.synth()
    return Templates(folder)
