"""The dependency layer's builder, tried on a small wheel of our own: no network is needed."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.resources.dependency_layer import BUILDER, CachedBuild

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
UNCHECKED_HASH = 0b01  # PEP 552: hash-based, and never compared with the source


@pytest.fixture(scope="module")
def lock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lock file that names one pure-Python wheel by its path and hash."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = folder / "greeting-1.0-py3-none-any.whl"
    members = {
        "greeting/__init__.py": "TEXT = 'hello'\n",
        "greeting/__init__.pyi": "TEXT: str\n",
        "greeting/tests/__init__.py": "",
        "greeting-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n",
        "greeting-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "greeting-1.0.dist-info/entry_points.txt": "[console_scripts]\ngreet = greeting:greet\n",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        archive.writestr("greeting-1.0.dist-info/RECORD", "".join(f"{name},,\n" for name in members))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    path = folder / "lock.txt"
    path.write_text(f"greeting @ {wheel.as_uri()} --hash=sha256:{digest}\n", encoding="utf-8")
    return path


def build(lock: Path, output: Path, python: str = PYTHON) -> "subprocess.CompletedProcess[str]":
    options = ["--lock", str(lock), "--python", python, "--architecture", "arm64", "--output", str(output)]
    command = [sys.executable, str(BUILDER), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — our own script


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Mode and content of every file."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mode & 0o777, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_builds_are_the_same_to_the_byte_and_hold_what_runs(lock: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        done = build(lock, tmp_path / name)
        assert done.returncode == 0, done.stderr
    first = tree(tmp_path / "first")
    tag = sys.implementation.cache_tag

    assert first == tree(tmp_path / "second")
    assert set(first) == {
        "python/greeting/__init__.py",
        f"python/greeting/__pycache__/__init__.{tag}.pyc",
        "python/greeting-1.0.dist-info/METADATA",
        "python/greeting-1.0.dist-info/WHEEL",
        "python/greeting-1.0.dist-info/entry_points.txt",
    }
    assert {mode for mode, _ in first.values()} == {0o644}


def test_compiled_modules_are_never_checked_against_their_source(lock: Path, tmp_path: Path) -> None:
    assert build(lock, tmp_path / "layer").returncode == 0
    (compiled,) = (tmp_path / "layer").rglob("*.pyc")
    content = compiled.read_bytes()

    assert int.from_bytes(content[4:8], "little") == UNCHECKED_HASH
    assert b"/opt/python/greeting/__init__.py" in content  # where Lambda will find it: tracebacks read right


def test_without_the_matching_python_the_build_fails_with_a_sentence(lock: Path, tmp_path: Path) -> None:
    done = build(lock, tmp_path / "layer", python="3.99")

    assert done.returncode == 1
    assert done.stderr == (
        "layers/build.py: Python 3.99 is needed to compile the layer for Lambda, and none is installed here.\n"
    )


def test_a_wheel_that_is_not_the_locked_one_is_refused(lock: Path, tmp_path: Path) -> None:
    forged = tmp_path / "lock.txt"
    text = lock.read_text(encoding="utf-8").strip()
    forged.write_text(text[:-4] + ("0000" if not text.endswith("0000") else "1111"), encoding="utf-8")

    done = build(forged, tmp_path / "layer")

    assert done.returncode == 1
    assert "installing lock.txt failed" in done.stderr


def test_the_layers_identity_is_that_of_its_inputs() -> None:
    arm, intel, other = CachedBuild("3.13", "arm64"), CachedBuild("3.13", "x86_64"), CachedBuild("3.14", "arm64")

    assert len({arm.fingerprint, intel.fingerprint, other.fingerprint}) == 3
    assert arm.fingerprint == CachedBuild("3.13", "arm64").fingerprint
