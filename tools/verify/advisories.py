"""`python -m tools.verify.advisories`: known faults of the locked packages, by the advisories of the packages' index.

A mirror of it may serve none, and for what it does not know pip-audit says so and succeeds. So what was looked at is
counted here: the exit code is 1 for a known fault, and 2 where of a whole list nothing could be looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tools.local.paths import ROOT

LISTS: Final = ("uv", "layer", "emulator", "dev", "model", "audit")
FAULTS, NOTHING_LOOKED_AT = 1, 2
_AUDIT: Final = ROOT / ".venv-audit" / "bin" / "pip-audit"


@dataclass(frozen=True)
class Audit:
    """What the index said of one list: packages it answered for, the others with its reason, and known faults."""

    name: str
    looked_at: tuple[str, ...]
    skipped: dict[str, str]
    faults: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """In plain words."""
        there = len(self.looked_at) + len(self.skipped)
        if not self.looked_at:
            why = next(iter(self.skipped.values()), "the list is empty")
            return f"{self.name}: NOTHING LOOKED AT: the index answered for none of {there} packages ({why})"
        left = f"; not looked at: {', '.join(sorted(self.skipped))}" if self.skipped else ""
        return (
            f"{self.name}: {len(self.looked_at)} of {there} packages looked at, known faults: {len(self.faults)}{left}"
        )


def read_audit(name: str, report: dict[str, Any]) -> Audit:
    """pip-audit's own document (`--format json`) of one list."""
    each = report["dependencies"]
    known = [package for package in each if "skip_reason" not in package]
    return Audit(
        name=name,
        looked_at=tuple(package["name"] for package in known),
        skipped={package["name"]: package["skip_reason"] for package in each if "skip_reason" in package},
        faults=tuple(_describe(package, fault) for package in known for fault in package["vulns"]),
    )


def _describe(package: dict[str, Any], fault: dict[str, Any]) -> str:
    mended = ", ".join(fault["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {fault['id']}, mended in {mended}"


def main(ask: Callable[[str], str] | None = None) -> int:
    """Look at every list; the exit code."""
    audits = [read_audit(name, json.loads((ask or _ask)(name))) for name in LISTS]
    for audit in audits:
        print(audit.sentence)
        for fault in audit.faults:
            print(f"  {fault}")
    if any(audit.faults for audit in audits):
        return FAULTS
    blind = [audit.name for audit in audits if not audit.looked_at]
    if blind:
        print(
            f"Not checked: {', '.join(blind)}. Run this where the index serves its advisories, as the checks' job does."
        )
        return NOTHING_LOOKED_AT
    return 0


def _ask(name: str) -> str:
    """pip-audit's answer for a list, without installing anything.

    Raises:
        SystemExit: It could not ask at all; it has said why.
    """
    path = ROOT / "requirements" / f"{name}.txt"
    command = [str(_AUDIT), "--disable-pip", "--require-hashes", "--format", "json", "-r", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        raise SystemExit(f"{name}: NOTHING LOOKED AT: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
