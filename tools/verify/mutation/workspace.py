"""A copy of the core and of its tests, laid out as mutmut wants it: nothing in the project itself is ever changed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[3]
STEPS = ("analysis", "dispatch", "intake", "operations", "reconciliation")
# Of analysis those of its use cases alone: the others are slow, and about what a model and the rules make of a call.
TESTS = (
    "unit/analysis/usecases",
    "unit/dispatch",
    "unit/domain",
    "unit/intake",
    "unit/operations",
    "unit/reconciliation",
)
# Every verb that changes something: a use case of a step whose tests are laid out below. Those that only read are none.
READ_ONLY = {"__init__", "count", "log_sample", "read_transcript", "search"}
USE_CASES = tuple(
    path.relative_to(ROOT).as_posix()
    for step in STEPS
    for path in sorted(ROOT.glob(f"functions/{step}/usecases/*.py"))
    if path.stem not in READ_ONLY
)
RULES = (
    "functions/dispatch/answer.py",
    "functions/dispatch/classify.py",
    "functions/dispatch/decision.py",
    "functions/dispatch/plain_text.py",
    "functions/intake/senders.py",
    "functions/intake/signature.py",
    "functions/operations/attention.py",
    "functions/operations/forced.py",
    "functions/operations/lead_card.py",
    "functions/operations/possible.py",
    "postcall/domain/event_id.py",
    "postcall/domain/masking.py",
    "postcall/domain/retry.py",
    "postcall/domain/status.py",
    "postcall/domain/terms.py",
    "postcall/domain/zone.py",
)
CORE = USE_CASES + RULES
# Slow, and about other things than the core; the state machine and the simulation judge it as a whole.
SLOW = ("test_state_machine.py", "test_cold_start.py", "test_probe.py", "test_fuzz_*.py", "test_console_files.py")
OF_THE_WHOLE = ("test_said.py", "test_security_page.py")  # they read files that are not laid out
LEFT_OUT = SLOW + OF_THE_WHOLE

# mutmut would turn the minus of `case Result(code=-1)` into a plus, which is no Python at all.
_CASE = re.compile(r"^ +(case .*-\d.*:)$", re.MULTILINE)
_CONFIGURATION = """
[tool.mutmut]
source_paths = ["functions", "postcall"]
only_mutate = {core}
also_copy = ["docs"]
pytest_add_cli_args_test_selection = ["tests/unit"]
pytest_add_cli_args = [
    "-q", "-x", "--hypothesis-seed=0", "--hypothesis-profile=long", "-p", "no:cacheprovider", "-p", "no:xdist",
]
use_git_change_detection = false
timeout_multiplier = 10.0

[tool.pytest.ini_options]
addopts = ["--import-mode=importlib"]
markers = ["e2e: not here", "long: not here"]
"""


def prepare(folder: Path) -> list[str]:
    """Lay the workspace out anew, and name the lines of the core that mutmut is told to leave alone.

    `postcall` lies at its root, so that a file's path is its module's name.
    """
    shutil.rmtree(folder, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__", *LEFT_OUT)
    shutil.copytree(ROOT / "functions", folder / "functions", ignore=ignore)
    shutil.copytree(ROOT / "layers/postcall/python/postcall", folder / "postcall", ignore=ignore)
    for name in ("support", "samples/elevenlabs", *TESTS):
        shutil.copytree(ROOT / "tests" / name, folder / "tests" / name, ignore=ignore)
    (folder / "docs").mkdir()
    for name in ("docs/operating.md", "tests/__init__.py", "tests/conftest.py", "tests/unit/__init__.py"):
        shutil.copy(ROOT / name, folder / name)
    spared: list[str] = []
    for path in CORE:
        text, lines = spare((folder / path).read_text(encoding="utf-8"))
        (folder / path).write_text(text, encoding="utf-8")
        spared += [f"`{line}` ({path})" for line in lines]
    core = "[" + ", ".join(f'"{path}"' for path in CORE) + "]"
    (folder / "pyproject.toml").write_text(_CONFIGURATION.format(core=core), encoding="utf-8")
    return spared


def spare(text: str) -> tuple[str, list[str]]:
    """A module with a mark on each line that mutmut cannot change, and those lines."""
    return _CASE.sub(r"\g<0>  # pragma: no mutate", text), _CASE.findall(text)
