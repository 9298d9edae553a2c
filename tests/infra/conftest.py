"""One synthesis of all environments for the whole test session: every test reads the same templates."""

from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
import pytest

from infra.app import add_environment, feature_flags
from tests.infra.templates import EVERYWHERE, GUARDED, Templates, environment

NO_BUNDLING: Final[dict[str, Any]] = {"aws:cdk:bundling-stacks": []}


@pytest.fixture(scope="session")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The templates and assets of every environment and of the guarded one, without the dependency layer."""
    folder: Path = tmp_path_factory.mktemp("cdk.out")
    app = cdk.App(context=feature_flags() | NO_BUNDLING, outdir=str(folder))
    for name in (*EVERYWHERE, GUARDED):
        add_environment(app, environment(name))
    app.synth()
    return Templates(folder)
