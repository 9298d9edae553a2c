# ruff: noqa: INP001 — a script beside the layers, run as one; not a module of a package
"""Build the dependency layer from its lock, without Docker and the same to the byte each time.

    python layers/build.py --lock requirements/layer.txt --python 3.13 --architecture arm64 --output DIR

DIR then holds `python/…` as Lambda unpacks it under /opt. Wheels are taken for Amazon's Linux on the named processor,
or for this machine with `--architecture host`. Modules are compiled to unchecked-hash .pyc files: /opt cannot be
written to, so without them every cold start would compile again. Only the same minor Python can write what it will
read: without an interpreter of that version the build fails.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

PLATFORMS = {"arm64": "aarch64-manylinux2014", "x86_64": "x86_64-manylinux2014"}
# Written by the installer, different from one build to the next, or never read at run time.
STRIPPED_FILES = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", ".lock", "*.pyi", "*.pyc")
STRIPPED_FOLDERS = ("bin", "tests", "_tests", "__pycache__")


class BuildError(RuntimeError):
    """The layer cannot be built here; the text is one sentence for a person."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Build the dependency layer from its lock.")
    parser.add_argument("--lock", type=Path, required=True)
    parser.add_argument("--python", required=True, metavar="MAJOR.MINOR")
    parser.add_argument("--architecture", required=True, choices=[*PLATFORMS, "host"])
    parser.add_argument("--output", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    try:
        build(chosen.lock, chosen.python, chosen.architecture, chosen.output)
    except BuildError as error:
        sys.stderr.write(f"layers/build.py: {error}\n")
        return 1
    return 0


def build(lock: Path, python: str, architecture: str, output: Path) -> None:
    """Fill `output` (made anew) with the layer's tree."""
    interpreter = matching_interpreter(python)
    target = output / "python"
    shutil.rmtree(output, ignore_errors=True)
    target.mkdir(parents=True)
    _install(lock, python, architecture, interpreter, target)
    _strip(target)
    _compile(interpreter, output)
    _fix_modes(output)


def matching_interpreter(python: str) -> str:
    """A Python of exactly that minor version: this one, or one that uv knows of. Never downloads.

    Raises:
        BuildError: The layer cannot be built here; the text is one sentence for a person.
    """
    if f"{sys.version_info[0]}.{sys.version_info[1]}" == python:
        return sys.executable
    found = _uv("python", "find", "--no-python-downloads", "--no-project", python)
    if found.returncode:
        raise BuildError(f"Python {python} is needed to compile the layer for Lambda, and none is installed here.")
    return found.stdout.strip()


def _install(lock: Path, python: str, architecture: str, interpreter: str, target: Path) -> None:
    where = [] if architecture == "host" else ["--python-platform", PLATFORMS[architecture]]
    # Copies: the default may be hard links, and the modes set below would reach into the installer's cache.
    exact = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy"]
    built = _uv(
        *("pip", "install", "--quiet", "--target", str(target), *exact),
        *("--python", interpreter, "--python-version", python, *where),
        *("--requirement", str(lock)),
    )
    if built.returncode:
        raise BuildError(f"installing {lock.name} failed:\n{built.stderr.strip()}")


def _strip(target: Path) -> None:
    for pattern in STRIPPED_FOLDERS:
        for folder in [*target.rglob(pattern)]:
            if folder.is_dir():
                shutil.rmtree(folder)
    for pattern in STRIPPED_FILES:
        for file in [*target.rglob(pattern)]:
            file.unlink()


def _compile(interpreter: str, output: Path) -> None:
    done = subprocess.run(  # noqa: S603 — the interpreter found above, on a folder of ours
        [
            *(interpreter, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"),
            *("-s", str(output), "-p", "/opt", str(output / "python")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(f"compiling the layer failed:\n{(done.stdout + done.stderr).strip()}")


def _fix_modes(output: Path) -> None:
    output.chmod(0o755)
    for path in output.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "uv", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — our own words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
