"""What each stack is made of, in files a reviewer can read: a change of infrastructure shows as a change of theirs.

After a change that is meant, rewrite them: UPDATE_SNAPSHOTS=1 pytest tests/infra/test_snapshot.py
"""

import os
from pathlib import Path
from typing import get_args

import pytest

from infra.names import Lifetime
from tests.infra.templates import EVERYWHERE, Templates

SNAPSHOTS = Path(__file__).parent / "snapshots"


def described(synthesised: Templates, env: str) -> str:
    lines = [f"# Resources of postcall-{env}: logical id and type, by stack"]
    for lifetime in get_args(Lifetime):
        lines += ["", f"## {lifetime}"]
        resources = synthesised.template(env, lifetime)["Resources"]
        lines += sorted(f"{each['Type']:<45} {without_hash(name)}" for name, each in resources.items())
    return "\n".join(lines) + "\n"


def without_hash(logical_id: str) -> str:
    """CDK ends a logical id with eight hexadecimal digits of its path: they tell nothing."""
    tail = logical_id[-8:]
    return logical_id[:-8] if len(logical_id) > 8 and all(each in "0123456789ABCDEF" for each in tail) else logical_id


@pytest.mark.parametrize("env", EVERYWHERE)
def test_the_stacks_are_made_of_what_the_snapshot_says(synthesised: Templates, env: str) -> None:
    path = SNAPSHOTS / f"{env}.txt"
    now = described(synthesised, env)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(now, encoding="utf-8")

    assert now == path.read_text(encoding="utf-8")
