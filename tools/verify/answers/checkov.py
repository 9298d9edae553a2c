"""checkov's rules for CloudFormation, without its network: no guidelines, no custom policies, no bill of materials."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

from tools.verify.answers.record import Judgement, Rule, readable

OFFLINE: Final = ("--skip-download", "--compact", "--soft-fail")
NO_LOOKUPS: Final = {"BC_SKIP_MAPPING": "TRUE", "CKV_IGNORE_HIDDEN_DIRECTORIES": "false"}


def judge(venv: Path, templates: Path, scratch: Path) -> Judgement:
    """What checkov says of every template in the folder.

    Raises:
        subprocess.CalledProcessError: checkov itself failed.
    """
    command: list[str | Path] = [
        venv / "bin" / "checkov",
        "--directory",
        templates,
        "--framework",
        "cloudformation",
        "--output",
        "json",
    ]
    environment = os.environ | NO_LOOKUPS | {"HOME": str(scratch), "PATH": f"{venv / 'bin'}:{os.environ['PATH']}"}
    ran = subprocess.run([*command, *OFFLINE], capture_output=True, check=True, text=True, env=environment)
    report: dict[str, Any] = json.loads(ran.stdout)
    rules: dict[str, Rule] = {}
    for verdict in ("passed", "failed"):
        for check in report["results"][f"{verdict}_checks"]:
            rule = rules.setdefault(check["check_id"], Rule(check["check_name"]))
            if verdict == "failed":
                stack = Path(check["file_path"]).name.split(".")[0]
                name = readable(check["resource"].split(".")[1])
                rule.failed = sorted({*rule.failed, f"{stack} {name}"})
            else:
                rule.met = True
    return Judgement(report["summary"]["checkov_version"], rules)
