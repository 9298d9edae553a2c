"""The templates of commit 81b922b, before anybody had tried to deploy them: what AWS refuses of them must be refused.

Kept compressed, as nobody compares them; made anew from the commit by `python -m tests.infra.earlier`.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Final

from infra.deployment import templates
from tests.infra.last_release import Template, readable

COMMIT: Final = "81b922b"
FILE: Final = Path(__file__).parent / "snapshots" / f"templates_{COMMIT}.json.gz"


def earlier(environment: str) -> dict[str, Template]:
    """The templates of UAT or production, by stack."""
    found: dict[str, dict[str, Template]] = json.loads(gzip.decompress(FILE.read_bytes()))
    return found[environment]


def write() -> None:
    """Synthesise the commit."""
    made = {env: templates.of_commit(COMMIT, env) for env in ("uat", "prod")}
    kept = {env: {stack: readable(each) for stack, each in found.items()} for env, found in made.items()}
    FILE.write_bytes(gzip.compress(json.dumps(kept, sort_keys=True).encode(), 9, mtime=0))


if __name__ == "__main__":
    write()
