"""Our own code as assets with its bytecode: /var/task and /opt cannot be written to, so what is not compiled beforehand
is compiled anew at each cold start.

Bytecode with an unchecked hash is taken as it is, whatever a file's time is. The asset's name is the hash of what went
in, so the same sources give the same asset. CDK calls `try_bundle` only where bundling is on; where tests switch it
off, the asset holds the sources alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

from functions.operations.routes.console import DESCRIPTION
from functions.operations.routes.runbooks import PACKED
from infra.environments import Environment
from infra.names import Step
from infra.openapi import document_file
from infra.resources.dependency_layer import ROOT
from infra.resources.function_environment import PACKED_CA_BUNDLE, TASK
from layers.build import matching_interpreter

CACHE: Final = ROOT / ".local" / "code"
LAYER: Final = "/opt"
RECIPE: Final = b"1"  # of this module: another number is another asset


def step_code(step: Step, environment: Environment) -> lambda_.Code:
    """The step's folder under its own import path, with the console its pages of docs, and what `extras` brings."""
    return _asset(step_build(step, environment))


def step_build(step: Step, environment: Environment) -> CompiledCode:
    """What is in the asset of a step."""
    folders = [Path("functions/__init__.py"), Path("functions") / step]
    if step == "operations":
        folders.extend(map(Path, PACKED))
    return CompiledCode(ROOT, folders, mount=TASK, python=environment.python, extra=extras(step, environment))


def extras(step: Step, environment: Environment) -> dict[str, Path]:
    """What is packed with a step beside its own files: the CRM's root, the description of the API."""
    if step == "operations":
        return {str(DESCRIPTION.relative_to(ROOT)): document_file()}
    bundle = environment.ca_bundle if step == "dispatch" else None
    return {} if bundle is None else {PACKED_CA_BUNDLE: bundle}


def shared_layer_code(environment: Environment) -> lambda_.Code:
    """The layer `postcall` in the shape that Lambda unpacks."""
    return _asset(shared_layer_build(environment))


def shared_layer_build(environment: Environment) -> CompiledCode:
    """What is in the layer."""
    return CompiledCode(ROOT / "layers" / "postcall", [Path("python")], mount=LAYER, python=environment.python)


def _asset(build: CompiledCode) -> lambda_.Code:
    return lambda_.Code.from_asset(
        str(build.sources()),
        asset_hash=build.fingerprint,
        asset_hash_type=cdk.AssetHashType.CUSTOM,
        bundling=cdk.BundlingOptions(image=cdk.DockerImage.from_registry("never-pulled"), local=build),
    )


@jsii.implements(cdk.ILocalBundling)
class CompiledCode:
    """Files of the repository with their bytecode, kept under `.local/code/<hash of what went in>`."""

    def __init__(
        self, root: Path, paths: Iterable[Path], *, mount: str, python: str, extra: Mapping[str, Path] | None = None
    ) -> None:
        files = {str(path.relative_to(root)): path for each in paths for path in _files(root / each)}
        self._files = files | dict(extra or {})
        self._mount, self._python = mount, python
        digest = hashlib.sha256(b"\0".join([RECIPE, mount.encode(), python.encode()]))
        for name, path in sorted(self._files.items()):
            digest.update(f"\0{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        self.fingerprint = digest.hexdigest()

    def try_bundle(self, output_dir: str, *_args: object, **_options: object) -> bool:
        """Fill CDK's folder.

        Raises:
            RuntimeError: There is no interpreter of the functions' version.
        """
        shutil.copytree(self.built(), output_dir, dirs_exist_ok=True)
        return True

    def sources(self) -> Path:
        """The folder of the files alone."""
        return self._made("sources", self._copy)

    def built(self) -> Path:
        """The folder of the files with their bytecode."""
        return self._made("compiled", self._compile)

    def _made(self, name: str, make: Callable[[Path], None]) -> Path:
        cached = CACHE / self.fingerprint / name
        if not cached.exists():
            unfinished = cached.with_suffix(f".{os.getpid()}")
            make(unfinished)
            for path in unfinished.rglob("*"):
                path.chmod(0o755 if path.is_dir() else 0o644)
            try:
                unfinished.rename(cached)
            except OSError:  # another synthesis was quicker: the two are equal
                shutil.rmtree(unfinished)
        return cached

    def _copy(self, output: Path) -> None:
        for name, path in self._files.items():
            target = output / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())

    def _compile(self, output: Path) -> None:
        self._copy(output)
        compile_folder(output, self._mount, matching_interpreter(self._python))


def compile_folder(folder: Path, mount: str, interpreter: str) -> None:
    """Compile a folder's modules as if they lay below `mount`.

    Raises:
        RuntimeError: With what Python says.
    """
    options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", mount, str(folder)]
    command = [interpreter, "-m", "compileall", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — our own words
    if done.returncode:
        raise RuntimeError((done.stdout + done.stderr).strip())


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = (each for each in path.rglob("*") if each.is_file() and each.suffix != ".pyc")
    return sorted(each for each in found if "__pycache__" not in each.parts)
