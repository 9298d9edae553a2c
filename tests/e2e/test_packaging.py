"""Each handler with its own asset and its layers alone, on the interpreter that the local Lambda uses.

What Lambda would miss at the first call is missed here: a stray import of `infra`, a package that is in no layer, a
setting that importing already needs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from infra.names import Step
from infra.resources.dependency_layer import CachedBuild
from tools.local.paths import ROOT

pytestmark = pytest.mark.e2e
STEPS: tuple[Step, ...] = get_args(Step)
# What costs a cold start and is of no use before the first call, or to this step at all.
NEVER_AT_IMPORT = {
    "intake": ("openai", "httpx", "httpx2", "pydantic", "phonenumbers"),
    "analysis": ("openai", "httpx", "phonenumbers", "email_validator"),
    "dispatch": ("openai", "pydantic", "phonenumbers"),
    "operations": ("openai", "httpx", "phonenumbers"),
    "reconciliation": ("openai", "phonenumbers"),
}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both layers unpacked over each other, as under /opt."""
    opt = tmp_path_factory.mktemp("opt")
    CachedBuild(f"{sys.version_info[0]}.{sys.version_info[1]}", "host").try_bundle(str(opt))
    shutil.copytree(ROOT / "layers/postcall/python", opt / "python", dirs_exist_ok=True)
    return opt


@pytest.mark.parametrize("step", STEPS)
def test_a_handler_imports_with_its_asset_and_layers_alone(step: Step, layer: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "functions" / step, tmp_path / "functions" / step)
    shutil.copy(ROOT / "functions/__init__.py", tmp_path / "functions")
    asks = f"import functions.{step}.handler as h, json, sys; print(json.dumps([h.__file__, sorted(sys.modules)]))"
    done = subprocess.run(  # noqa: S603 — our own interpreter
        [str(ROOT / ".venv-emulator/bin/python"), "-c", asks],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{tmp_path}:{layer / 'python'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    file, modules = json.loads(done.stdout.splitlines()[-1])
    assert Path(file).is_relative_to(tmp_path)
    assert not {"infra", "tools", "tests"} & set(modules)
    others = {f"functions.{other}" for other in STEPS if other != step}
    assert not others & set(modules)
    assert not set(NEVER_AT_IMPORT[step]) & set(modules)
