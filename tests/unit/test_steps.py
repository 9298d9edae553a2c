"""Every step has the same shape: the same files, and one of them that logs and counts."""

from __future__ import annotations

import ast
from typing import Final

import pytest

from infra.names import STEPS
from tools.local.paths import ROOT

FILES: Final = {"handler.py", "settings.py", "wiring.py", "telemetry.py", "usecases"}
OBSERVE: Final = "postcall.aws.observe"


@pytest.mark.parametrize("step", STEPS)
def test_a_step_has_the_files_of_each(step: str) -> None:
    assert {path.name for path in (ROOT / "functions" / step).iterdir()} >= FILES


@pytest.mark.parametrize("step", STEPS)
def test_only_its_telemetry_logs_and_counts(step: str) -> None:
    """The handler writes out at the end what was counted."""
    used = {
        (path.name, name.name)
        for path in (ROOT / "functions" / step).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == OBSERVE
        for name in node.names
    }
    assert used - {("handler.py", "flush_metrics")} <= {("telemetry.py", name) for name in ("count", "logger")}
