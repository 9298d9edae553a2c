"""What the repository's lines are for, at a commit and now: `python -m tools.verify.purposes COMMIT`.

Beside it, how often each setting of a step is declared today. Every file that git holds counts, by its line ends.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from typing import Final

from tools.local.paths import ROOT

# The first that a path begins with; what lay elsewhere before the folders were named by purpose stands beside it.
PURPOSES: Final = {
    "the product": ("functions/", "layers/", "infra/"),
    "the operator's command and the acceptance kit": ("tools/postcall/", "tools/cli/", "tools/uat/", "tools/smoke.py"),
    "stand-ins for outside systems": (
        "tools/simulators/",
        "tools/crm_simulator/",
        "tools/elevenlabs_simulator/",
        "tools/model_stub/",
    ),
    "evidence": (
        "tools/verify/",
        "tools/peers/",
        "tools/bench/",
        "tools/load/",
        "tools/evaluate/",
        "tools/proof/",
        "tests/simulation/",
        "tests/for_real/",
        "tests/mutation/",
        "docs/proof",
    ),
    "the product's tests": ("tests/",),
    "the local stack and other tools": ("tools/",),
    "documents": ("docs/", "findings/", "README", "CONTRIBUTING", "SECURITY", "CHANGELOG", "LICENSE"),
    "locks and configuration": ("",),
}


def lines_by_purpose(commit: str) -> Counter[str]:
    """How many lines of text a commit holds, by what they are for."""
    empty = _git("hash-object", "-t", "tree", "/dev/null").strip()
    counted: Counter[str] = Counter()
    for row in _git("diff", "--numstat", "-z", "--no-renames", empty, commit).rstrip("\0").split("\0"):
        added, *_, path = row.split("\t")
        if added.isdigit():  # not that of a picture
            counted[purpose_of(path)] += int(added)
    return counted


def purpose_of(path: str) -> str:
    """What a file is for."""
    return next(purpose for purpose, beginnings in PURPOSES.items() if path.startswith(beginnings))


def declarations() -> Counter[str]:
    """How many places declare a setting that somebody chooses, by its name; a resource's name says no `about`."""
    found: Counter[str] = Counter()
    places = [*ROOT.glob("functions/*/settings.py"), *(ROOT / "layers").rglob("shared_settings.py")]
    for path in places:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call(func=ast.Name(id="setting")) as call):
                    found[name] += any(each.arg == "about" for each in call.keywords)
                case ast.FunctionDef(name=name, body=body) if "setting(" in ast.unparse(body[-1]):
                    found[name] += 1
    return found


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S607


def main(commit: str) -> None:
    """Print the table."""
    before, now = lines_by_purpose(commit), lines_by_purpose("HEAD")
    for purpose in PURPOSES:
        print(f"{purpose:<46} {before[purpose]:>7} {now[purpose]:>7}")
    print(f"{'altogether':<46} {before.total():>7} {now.total():>7}")
    declared = declarations()
    print(f"settings that are declared {sum(1 for times in declared.values() if times)}")
    print(f"more than once: {', '.join(sorted(name for name, times in declared.items() if times > 1)) or 'none'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
