"""`python -m tools.verify.advisories`: known faults of the locked packages, by their indexes' own advisories.

Every list of `requirements/`, and `package-lock.json` (`npm`). A mirror of an index may serve none, and for what
it does not know pip-audit says so and succeeds. So what was looked at is counted here: the exit code is 1 for a known
fault, and 2 where of a whole list nothing could be looked at.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tools.local.node import with_own_node
from tools.local.paths import ROOT

LISTS: Final = tuple(sorted(path.stem for path in (ROOT / "requirements").glob("*.txt")))
NPM: Final = "npm"
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


def read_npm(report: dict[str, Any], packages: tuple[str, ...]) -> Audit:
    """The document of `npm audit --json` about the packages that are locked; it names those with a fault alone."""
    known = report.get("vulnerabilities")
    if known is None:
        return Audit(NPM, (), dict.fromkeys(packages, str(report.get("message", "no answer"))), ())
    faults = (
        f"{name}: {advice['title']} ({advice['url']})"
        for name, each in sorted(known.items())
        for advice in each["via"]
        if isinstance(advice, dict)  # a name is the package through which the fault comes
    )
    return Audit(NPM, packages, {}, tuple(faults))


def locked_by_npm() -> tuple[str, ...]:
    """The packages of package-lock.json."""
    locked: dict[str, Any] = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return tuple(path.rpartition("node_modules/")[2] for path in locked if path)


def main(ask: Callable[[str], str] | None = None) -> int:
    """Look at every list; the exit code."""
    answer = ask or _ask
    audits = [read_audit(name, json.loads(answer(name))) for name in LISTS]
    audits.append(read_npm(json.loads(answer(NPM)), locked_by_npm()))
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
    """pip-audit's answer for a list, or npm's for its own; without installing anything.

    Raises:
        SystemExit: It could not ask at all; it has said why.
    """
    path = ROOT / "requirements" / f"{name}.txt"
    command = [str(_AUDIT), "--disable-pip", "--require-hashes", "--format", "json", "-r", str(path)]
    if name == NPM:
        command = ["npm", "audit", "--package-lock-only", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=with_own_node(os.environ), capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        raise SystemExit(f"{name}: NOTHING LOOKED AT: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
