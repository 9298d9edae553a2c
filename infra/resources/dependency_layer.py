"""The layer of locked dependencies: built once per lock, Python, processor and builder, then taken from its cache.

The asset's hash is that of the inputs, so synthesis knows the layer without building it. CDK calls `CachedBuild` only
when the output folder lacks the asset and bundling is on (tests switch it off).
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

from infra.environments import Environment

ROOT: Final = Path(__file__).resolve().parents[2]
LOCK: Final = ROOT / "requirements" / "layer.txt"
BUILDER: Final = ROOT / "layers" / "build.py"
CACHE: Final = ROOT / ".local" / "layers"


def dependency_code(environment: Environment) -> lambda_.Code:
    """The asset that a layer version of this environment holds."""
    build = layer_build(environment)
    return lambda_.Code.from_asset(
        str(LOCK.parent),
        asset_hash=build.fingerprint,
        asset_hash_type=cdk.AssetHashType.CUSTOM,
        bundling=cdk.BundlingOptions(image=cdk.DockerImage.from_registry("never-pulled"), local=build),
    )


def layer_build(environment: Environment) -> "CachedBuild":
    """The build that fits this environment's functions."""
    return CachedBuild(environment.python, _platform(environment))


@jsii.implements(cdk.ILocalBundling)
class CachedBuild:
    """A build without Docker, kept under `.local/layers/<hash of its inputs>`."""

    def __init__(self, python: str, platform: str) -> None:
        self._python, self._platform = python, platform
        inputs = [LOCK.read_bytes(), BUILDER.read_bytes(), f"{python} {platform} {sys.platform}".encode()]
        self.fingerprint = hashlib.sha256(b"\0".join(inputs)).hexdigest()

    def try_bundle(self, output_dir: str, *_args: object, **_options: object) -> bool:
        """Fill CDK's folder; raises with the builder's own sentence when it cannot."""
        shutil.copytree(self.built(), output_dir, dirs_exist_ok=True)
        return True

    def built(self) -> Path:
        """The folder of the finished layer; raises `RuntimeError` with the builder's own sentence."""
        cached = CACHE / self.fingerprint
        if not cached.exists():
            sys.stderr.write(f"Building the dependency layer (Python {self._python}, {self._platform})…\n")
            unfinished = cached.with_suffix(f".{os.getpid()}")
            self._build(unfinished)
            try:
                unfinished.rename(cached)
            except OSError:  # another synthesis was quicker: the two are equal
                shutil.rmtree(unfinished)
        return cached

    def _build(self, output: Path) -> None:
        options = {"--lock": LOCK, "--python": self._python, "--architecture": self._platform, "--output": output}
        command = [sys.executable, str(BUILDER), *(str(name) for pair in options.items() for name in pair)]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603 — our own script
        if done.returncode:
            raise RuntimeError(done.stderr.strip())


def _platform(environment: Environment) -> str:
    """What the builder is told: a processor of Amazon's Linux, or this very machine (an emulator's functions)."""
    return "host" if environment.runtime.architecture == "host" else environment.architecture
