"""A cloud assembly (`cdk.out`) as the deployment reads it: stacks in the order they need, and their assets."""

from __future__ import annotations

import dataclasses
import graphlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclasses.dataclass(frozen=True)
class Stack:
    """A stack to deploy; `needs` are the artifacts that must be there first."""

    artifact: str
    name: str
    template_file: Path
    needs: tuple[str, ...]

    @property
    def template(self) -> dict[str, Any]:
        """The CloudFormation template."""
        template: dict[str, Any] = json.loads(self.template_file.read_text(encoding="utf-8"))
        return template


@dataclasses.dataclass(frozen=True)
class Asset:
    """A file for the bootstrap bucket."""

    source: Path
    is_directory: bool
    bucket: str
    key: str

    def content(self) -> bytes:
        """The bytes to upload: the file, or the directory as a zip, the same for the same files. Not compressed: it
        does not travel. Kept beside the directory, as packing thousands of files takes seconds.
        """
        if not self.is_directory:
            return self.source.read_bytes()
        if self.source.name != f"asset.{Path(self.key).stem}":  # not named by its content's hash: it may change
            return self._packed()
        kept = self.source.with_name(f"{self.source.name}.packed")
        if not kept.exists():
            unfinished = kept.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(self._packed())
            unfinished.rename(kept)
        return kept.read_bytes()

    def _packed(self) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(self.source.rglob("*")):
                if path.is_file():
                    entry = zipfile.ZipInfo(str(path.relative_to(self.source)))  # dated 1980
                    entry.external_attr = path.stat().st_mode << 16
                    archive.writestr(entry, path.read_bytes())
        return buffer.getvalue()


def stacks(directory: Path) -> list[Stack]:
    """All stacks, also those of nested assemblies (stages), each after what it needs."""
    found = {stack.artifact: stack for stack in _stacks(directory)}
    order = graphlib.TopologicalSorter({artifact: stack.needs for artifact, stack in found.items()}).static_order()
    return [found[artifact] for artifact in order if artifact in found]


def assets(directory: Path, *, account: str, region: str) -> list[Asset]:
    """Every file asset, with the bucket and the key that its templates expect."""
    found = []
    for manifest in sorted(directory.rglob("*.assets.json")):
        for entry in json.loads(manifest.read_text(encoding="utf-8"))["files"].values():
            destination = next(iter(entry["destinations"].values()))
            found.append(
                Asset(
                    source=manifest.parent / entry["source"]["path"],
                    is_directory=entry["source"]["packaging"] == "zip",
                    bucket=_filled(destination["bucketName"], account, region),
                    key=destination["objectKey"],
                )
            )
    return found


def _stacks(directory: Path) -> Iterator[Stack]:
    for artifact, entry in json.loads((directory / "manifest.json").read_text(encoding="utf-8"))["artifacts"].items():
        properties = entry.get("properties", {})
        if entry["type"] == "cdk:cloud-assembly":
            yield from _stacks(directory / properties["directoryName"])
        elif entry["type"] == "aws:cloudformation:stack":
            yield Stack(
                artifact=artifact,
                name=properties.get("stackName", artifact),
                template_file=directory / properties["templateFile"],
                needs=tuple(entry.get("dependencies", [])),
            )


def _filled(text: str, account: str, region: str) -> str:
    return text.replace("${AWS::AccountId}", account).replace("${AWS::Region}", region)
