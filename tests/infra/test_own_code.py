"""Our own code arrives compiled: no cold start compiles it again, and the same sources give the same asset."""

import marshal
from pathlib import Path

import pytest

from infra.names import STEPS
from infra.resources import own_code
from infra.resources.own_code import CompiledCode, shared_layer_build, step_build
from tests.infra.templates import environment

UNCHECKED_HASH = 0b01  # PEP 552: hash-based, and never compared with the source
HEADER_BYTES = 16
LOCAL = environment("local")  # for this very interpreter
BUILDS = {step: (step_build(step, LOCAL), "/var/task") for step in STEPS} | {
    "postcall": (shared_layer_build(LOCAL), "/opt")
}


@pytest.mark.parametrize("name", BUILDS)
def test_every_module_has_bytecode_that_is_taken_as_it_is(name: str) -> None:
    build, mount = BUILDS[name]
    folder = build.built()
    modules = sorted(folder.rglob("*.py"))

    assert modules
    for module in modules:
        (compiled,) = (module.parent / "__pycache__").glob(f"{module.stem}.*.pyc")
        content = compiled.read_bytes()
        assert content[4:8] == UNCHECKED_HASH.to_bytes(4, "little")
        assert marshal.loads(content[HEADER_BYTES:]).co_filename == f"{mount}/{module.relative_to(folder)}"  # noqa: S302 — our own


def test_the_same_sources_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = step_build("intake", LOCAL)
    monkeypatch.setattr(own_code, "CACHE", tmp_path)
    second = step_build("intake", LOCAL)

    assert second.fingerprint == first.fingerprint
    assert content(second.built()) == content(first.built())


def test_a_changed_line_is_another_asset(tmp_path: Path) -> None:
    path = tmp_path / "step" / "handler.py"
    path.parent.mkdir()

    def fingerprint(text: str) -> str:
        path.write_text(text, encoding="utf-8")
        return CompiledCode(tmp_path, [Path("step")], mount="/var/task", python="3.13").fingerprint

    assert fingerprint("A = 1\n") == fingerprint("A = 1\n") != fingerprint("A = 2\n")


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
