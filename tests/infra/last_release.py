"""The templates of the last release, as a reader can compare them: UAT's, without what differs at each synthesis.

An upgrade from them must work. The last release is the newest heading of the changelog; which one is kept stands in the
first line of each file. 0.2.0 was the first that was meant to be deployed: its tables cannot be made from 0.1.0's. With
each release they are written anew: UPDATE_LAST_RELEASE=1 pytest tests/infra/test_last_release.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent / "snapshots" / "last_release"
ENVIRONMENT: Final = "uat"
RELEASE: Final = "# Release "
ASSET: Final = "asset.zip"
Template = dict[str, Any]


def last_release() -> dict[str, Template]:
    """The templates by stack; instead of an asset's key each has `ASSET`."""
    paths = sorted(FOLDER.glob("*.yaml"))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


def version() -> str:
    """The release that all files are of."""
    (found,) = {path.read_text(encoding="utf-8").splitlines()[0] for path in FOLDER.glob("*.yaml")}
    return found.removeprefix(RELEASE)


def write(templates: dict[str, Template], release: str) -> None:
    """Replace the snapshot."""
    for path in FOLDER.glob("*.yaml"):
        path.unlink()
    for stack, template in templates.items():
        text = yaml.safe_dump(readable(template), sort_keys=False, width=120, allow_unicode=True)
        (FOLDER / f"{stack}.yaml").write_text(f"{RELEASE}{release}\n{text}", encoding="utf-8")


def readable(template: Template) -> Template:
    """The template without the CDK's paths and its check of the bootstrap, and with one name for every asset."""
    kept = {key: each for key, each in template.items() if key not in {"Parameters", "Rules"}}
    resources = {
        name: _with_key({word: part for word, part in each.items() if word != "Metadata"}, ASSET)
        for name, each in template["Resources"].items()
    }
    return {**kept, "Resources": resources}


def with_assets(template: Template, of: Template) -> Template:
    """The template with the keys of assets that there are: those of the same resource, or of another of its type."""
    keys = {name: key for name, each in of.get("Resources", {}).items() if (key := _key(each)) is not None}
    of_type = {of["Resources"][name]["Type"]: key for name, key in keys.items()}
    resources = {
        name: _with_key(each, keys.get(name) or of_type.get(each["Type"], ASSET))
        for name, each in template["Resources"].items()
    }
    return {**template, "Resources": resources}


def _key(resource: dict[str, Any]) -> str | None:
    found: str | None = _code(resource).get("S3Key")
    return found


def _with_key(resource: dict[str, Any], key: str) -> dict[str, Any]:
    if _key(resource) is None:
        return resource
    properties = resource["Properties"]
    holder = "Code" if "Code" in properties else "Content"
    return {**resource, "Properties": {**properties, holder: {**properties[holder], "S3Key": key}}}


def _code(resource: dict[str, Any]) -> dict[str, Any]:
    properties = resource.get("Properties", {})
    found: dict[str, Any] = properties.get("Code") or properties.get("Content") or {}
    return found
