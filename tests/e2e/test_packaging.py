"""What a synthesis packs, asset by asset: each handler with its own asset and its layers alone, as Lambda unpacks them.

What Lambda would miss at the first call is missed here: a stray import of `infra`, a package that is in no layer, a
setting that importing already needs. The interpreter is the one that the local Lambda uses.
"""

from __future__ import annotations

import getpass
import json
import marshal
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pytest

from functions.operations.routes.console import DESCRIPTION
from infra.names import STEPS, Step
from infra.resources.function_environment import TASK
from tools.local.assembly import stacks
from tools.local.paths import ROOT
from tools.local.synth import synthesise

pytestmark = pytest.mark.e2e
# What costs a cold start and is of no use before the first call, or to this step at all.
NEVER_AT_IMPORT = {
    "intake": ("openai", "httpx", "httpx2", "pydantic", "phonenumbers"),
    "analysis": ("openai", "httpx", "phonenumbers", "email_validator"),
    "dispatch": ("openai", "pydantic", "phonenumbers"),
    "operations": ("openai", "httpx", "phonenumbers"),
    "reconciliation": ("openai", "phonenumbers"),
}
UNCHECKED_HASH: Final = 0b01  # PEP 552: hash-based, and never compared with the source
HEADER_BYTES: Final = 16
OPT: Final = "/opt"
TESTS: Final = re.compile(r"(?:^|/)_?tests?/")
PERSONAL: Final = tuple(
    each.encode()
    for each in {str(ROOT), str(Path.home()) + "/", platform.node(), f"/home/{getpass.getuser()}"}
    if len(each) > 6  # a word that short stands anywhere
)


@dataclass(frozen=True)
class Packed:
    """The folders of the assets that the local environment's functions are made of."""

    functions: dict[Step, Path]
    layers: tuple[Path, ...]
    own_layer: Path

    @cached_property
    def folders(self) -> dict[str, tuple[Path, str]]:
        """Each folder of our own code, with where Lambda puts it."""
        found: dict[str, tuple[Path, str]] = {step: (folder, TASK) for step, folder in self.functions.items()}
        return found | {"postcall": (self.own_layer, OPT)}


@pytest.fixture(scope="module")
def packed() -> Packed:
    """The assets of an up-to-date synthesis, found by the templates."""
    assembly = synthesise()
    (template,) = [each.template for each in stacks(assembly) if each.name == "postcall-local-pipeline"]
    resources: dict[str, Any] = template["Resources"]

    def folder(holder: dict[str, str]) -> Path:
        return assembly / f"asset.{Path(holder['S3Key']).stem}"

    functions = {
        step: folder(each["Properties"]["Code"])
        for step in STEPS
        for each in resources.values()
        if each["Type"] == "AWS::Lambda::Function" and each["Properties"]["FunctionName"] == f"postcall-local-{step}"
    }
    layers = {
        each["Properties"]["LayerName"]: folder(each["Properties"]["Content"])
        for each in resources.values()
        if each["Type"] == "AWS::Lambda::LayerVersion"
    }
    return Packed(functions, tuple(layers.values()), layers["postcall-local-postcall"])


@pytest.fixture(scope="module")
def opt(packed: Packed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All layers unpacked over each other."""
    made = tmp_path_factory.mktemp("opt")
    for layer in packed.layers:
        shutil.copytree(layer, made, dirs_exist_ok=True)
    return made


def files(folder: Path) -> dict[str, Path]:
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}


def imported(code: Path, opt: Path, asks: str) -> Any:
    """What an interpreter prints that finds this code and the layers alone."""
    done = subprocess.run(  # noqa: S603 — our own interpreter
        [str(ROOT / ".venv-emulator/bin/python"), "-c", asks],
        cwd=code,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{code}:{opt / 'python'}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("step", STEPS)
def test_a_handler_imports_with_its_asset_and_layers_alone(step: Step, packed: Packed, opt: Path) -> None:
    code = packed.functions[step]
    asks = f"import functions.{step}.handler as h, json, sys; print(json.dumps([h.__file__, sorted(sys.modules)]))"
    file, modules = imported(code, opt, asks)

    assert Path(file).is_relative_to(code)
    assert not {"infra", "tools", "tests"} & set(modules)
    others = {f"functions.{other}" for other in STEPS if other != step}
    assert not others & set(modules)
    assert not set(NEVER_AT_IMPORT[step]) & set(modules)


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_missing_whatever_a_call_comes_to(step: Step, packed: Packed, opt: Path) -> None:
    """Each module of the step and of the shared package imports, those too that a handler imports later."""
    code = packed.functions[step]
    own = [name for name in files(code) if name.startswith("functions/") and name.endswith(".py")]
    shared = [name.removeprefix("python/") for name in files(packed.own_layer) if name.endswith(".py")]
    modules = [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in [*own, *shared]]
    asks = f"import importlib, json; print(json.dumps([importlib.import_module(m).__name__ for m in {modules!r}]))"

    assert imported(code, opt, asks) == modules
    assert len(modules) > 40


@pytest.mark.parametrize("step", STEPS)
def test_an_asset_holds_every_file_of_its_step(step: Step, packed: Packed) -> None:
    listed = subprocess.run(  # noqa: S603 — our own words
        ["git", "ls-files", "-z", "-co", "--exclude-standard", f"functions/{step}"],  # noqa: S607 — where git lies differs
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    kept = {name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()}

    found = {name for name in files(packed.functions[step]) if name.startswith("functions/") and ".pyc" not in name}
    made = {str(DESCRIPTION.relative_to(ROOT))} if step == "operations" else set()
    assert found == kept | made | {"functions/__init__.py"}


@pytest.mark.parametrize("name", [*STEPS, "postcall"])
def test_our_own_code_arrives_compiled_and_its_bytecode_is_taken_as_it_is(name: str, packed: Packed) -> None:
    folder, mount = packed.folders[name]
    modules = [path for path in files(folder).values() if path.suffix == ".py"]

    assert modules
    for module in modules:
        (compiled,) = (module.parent / "__pycache__").glob(f"{module.stem}.*.pyc")
        content = compiled.read_bytes()
        assert content[4:8] == UNCHECKED_HASH.to_bytes(4, "little")
        assert marshal.loads(content[HEADER_BYTES:]).co_filename == f"{mount}/{module.relative_to(folder)}"  # noqa: S302 — our own


def test_nothing_of_the_machine_and_no_test_is_packed(packed: Packed) -> None:
    folders = {*packed.functions.values(), *packed.layers}
    every = {(folder, name): path for folder in folders for name, path in files(folder).items()}

    assert len(folders) == len(STEPS) + 2
    assert PERSONAL
    assert [name for _, name in every if TESTS.search(name)] == []
    own = [name for folder, _ in packed.folders.values() for name in files(folder)]
    assert [name for name in own if re.match(r"\.|test_|conftest|.*\.(orig|log)$", Path(name).name)] == []
    assert [name for (_, name), path in every.items() if any(each in path.read_bytes() for each in PERSONAL)] == []
    assert {path.stat().st_mode & 0o444 for path in every.values()} == {0o444}  # Lambda's user may read it
