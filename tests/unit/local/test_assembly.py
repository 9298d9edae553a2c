"""Reading a cloud assembly."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from tools.local.assembly import Asset, assets, stacks


def write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def stack(*needs: str) -> dict[str, object]:
    return {"type": "aws:cloudformation:stack", "properties": {"templateFile": "t.json"}, "dependencies": list(needs)}


def test_a_stack_comes_after_the_stacks_it_needs(tmp_path: Path) -> None:
    artifacts = {"pipeline": stack("data", "network", "pipeline.assets"), "data": stack(), "network": stack("address")}
    write(tmp_path / "manifest.json", {"artifacts": {**artifacts, "address": stack(), "Tree": {"type": "cdk:tree"}}})
    names = [each.name for each in stacks(tmp_path)]
    assert sorted(names) == ["address", "data", "network", "pipeline"]
    assert names.index("address") < names.index("network") < names.index("pipeline")
    assert names.index("data") < names.index("pipeline")


def test_the_stacks_of_a_stage_are_found_in_its_own_assembly(tmp_path: Path) -> None:
    nested = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-uat"}}
    write(tmp_path / "manifest.json", {"artifacts": {"uat": nested}})
    write(tmp_path / "assembly-uat" / "manifest.json", {"artifacts": {"data": stack()}})
    assert [each.template_file for each in stacks(tmp_path)] == [tmp_path / "assembly-uat" / "t.json"]


def test_an_asset_goes_where_the_templates_look_for_it(tmp_path: Path) -> None:
    destination = {"bucketName": "assets-${AWS::AccountId}-${AWS::Region}", "objectKey": "abc.zip"}
    entry = {"source": {"path": "asset.abc", "packaging": "zip"}, "destinations": {"here": destination}}
    write(tmp_path / "data.assets.json", {"files": {"abc": entry}})
    expected = Asset(tmp_path / "asset.abc", is_directory=True, bucket="assets-1-eu-central-1", key="abc.zip")
    assert assets(tmp_path, account="1", region="eu-central-1") == [expected]


def test_a_directory_is_uploaded_as_a_zip_of_its_files(tmp_path: Path) -> None:
    write(tmp_path / "functions" / "intake" / "handler.py", "code")
    content = Asset(tmp_path, is_directory=True, bucket="b", key="k").content()
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["functions/intake/handler.py"]


def test_a_directory_named_by_its_hash_is_packed_once(tmp_path: Path) -> None:
    source = tmp_path / "asset.abc"
    source.mkdir()
    (source / "handler.py").write_text("first", encoding="utf-8")
    asset = Asset(source, is_directory=True, bucket="b", key="abc.zip")
    first = asset.content()
    (source / "handler.py").write_text("never seen: the name says that nothing changes", encoding="utf-8")
    assert asset.content() == first


def test_any_other_directory_is_packed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("first", encoding="utf-8")
    asset = Asset(tmp_path, is_directory=True, bucket="b", key="abc.zip")
    first = asset.content()
    (tmp_path / "handler.py").write_text("second", encoding="utf-8")
    assert asset.content() != first
