# ruff: noqa: INP001 — a script beside the layers, run as one; not a module of a package
"""Build the dependency layer from its lock, without Docker and the same to the byte each time.

    python layers/build.py --lock requirements/layer.txt --python 3.13 --architecture arm64 --output DIR

DIR then holds `python/…` as Lambda unpacks it under /opt. Wheels are taken for Amazon's Linux on the named processor,
or for this machine with `--architecture host`. Modules are compiled to unchecked-hash .pyc files: /opt cannot be
written to, so without them every cold start would compile again. Only the same minor Python can write what it will
read: without an interpreter of that version the build fails.
"""

import argparse
import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PLATFORMS = {"arm64": "aarch64-manylinux2014", "x86_64": "x86_64-manylinux2014"}
# Written by the installer, different from one build to the next, or never read at run time.
STRIPPED_FILES = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", ".lock", "*.pyi", "*.pyc")
STRIPPED_FOLDERS = ("bin", "tests", "__pycache__")
# The services whose clients the functions make (postcall/aws/clients.py); botocore carries the models of 430.
AWS_SERVICES = frozenset({"dynamodb", "lambda", "s3", "secretsmanager", "sqs"})


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
    trim_models(target / "botocore/data")
    _compile(interpreter, output)
    _fix_modes(output)


def matching_interpreter(python: str) -> str:
    """A Python of exactly that minor version: this one, or one that uv knows of. Never downloads."""
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


def trim_models(data: Path) -> None:
    """Keep our services' models, each in its newest version, without their prose; all their operations stay.

    Before it makes its first client botocore walks through every service's folder, twice, and parses a megabyte of
    other services' regions: most of what a client costs.
    """
    for service in [path for path in data.glob("*/") if path.name not in AWS_SERVICES]:
        shutil.rmtree(service)
    for service in data.glob("*/"):
        for older in sorted(service.iterdir())[:-1]:
            shutil.rmtree(older)
        for file in service.glob("*/*.json*"):
            if file.name.startswith("examples-"):
                file.unlink()
            else:
                _rewrite(file, _without_prose)
    if data.exists():
        _rewrite(data / "endpoints.json", _without_other_services)


def _rewrite(file: Path, changed: Callable[[Any], Any]) -> None:
    """The same JSON, changed and in the shortest form, not packed: the layer's zip is."""
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    file.unlink()
    short = json.dumps(changed(json.loads(text)), separators=(",", ":"), ensure_ascii=False)
    file.with_name(file.name.removesuffix(".gz")).write_text(short, encoding="utf-8")


def _without_prose(model: Any) -> Any:  # noqa: ANN401 — recursive over JSON
    """A model without its `documentation` texts. A shape's member of that name is an object, and stays."""
    if isinstance(model, dict):
        kept = {name: value for name, value in model.items() if name != "documentation" or not isinstance(value, str)}
        return {name: _without_prose(value) for name, value in kept.items()}
    if isinstance(model, list):
        return [_without_prose(value) for value in model]
    return model


def _without_other_services(endpoints: Any) -> Any:  # noqa: ANN401 — JSON
    """All partitions and their regions, and of their services ours."""
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in AWS_SERVICES}
    return endpoints


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
