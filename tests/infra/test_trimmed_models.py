"""The layer's share of botocore's models: our services, every operation of theirs, and clients as before."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path
from types import ModuleType

import botocore
import pytest
from botocore.session import Session

from infra.parts.dependency_layer import BUILDER, ROOT

DATA = Path(botocore.__file__).parent / "data"
TOP = ("endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json")
REGION = "eu-central-1"


def builder() -> ModuleType:
    """The builder, which is a script and no module of a package."""
    spec = importlib.util.spec_from_file_location("layer_builder", BUILDER)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(BUILDER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our services and one more, trimmed."""
    data = tmp_path_factory.mktemp("data")
    for service in (*builder().AWS_SERVICES, "sts"):
        shutil.copytree(DATA / service, data / service)
    for file in TOP:
        shutil.copy(DATA / file, data)
    builder().trim_models(data)
    return data


def session(data: Path) -> Session:
    """A session that knows no other models."""
    made = Session()
    made.get_component("data_loader")._search_paths = [str(data)]
    return made


def test_the_services_kept_are_those_whose_clients_are_made() -> None:
    made = re.findall(r'_client\("(\w+)"', (ROOT / "layers/postcall/python/postcall/aws/clients.py").read_text("utf-8"))
    assert set(made) == builder().AWS_SERVICES


def test_other_services_and_their_regions_are_gone(trimmed: Path) -> None:
    assert {path.name for path in trimmed.iterdir() if path.is_dir()} == builder().AWS_SERVICES
    partitions = json.loads((trimmed / "endpoints.json").read_text("utf-8"))["partitions"]
    assert [partition["partition"] for partition in partitions][:1] == ["aws"]
    assert {name for partition in partitions for name in partition["services"]} <= builder().AWS_SERVICES


def test_every_operation_of_a_kept_service_is_there_with_its_shapes(trimmed: Path) -> None:
    for service in builder().AWS_SERVICES:
        ours, whole = (one.get_service_model(service) for one in (session(trimmed), Session()))
        assert ours.api_version == whole.api_version
        assert ours.operation_names == whole.operation_names
        assert ours.shape_names == whole.shape_names


def test_clients_are_made_and_reach_the_same_addresses(trimmed: Path) -> None:
    for service in builder().AWS_SERVICES:
        ours, whole = (one.create_client(service, REGION) for one in (session(trimmed), Session()))
        assert ours.meta.endpoint_url == whole.meta.endpoint_url
    assert session(trimmed).create_client("dynamodb", REGION).can_paginate("query")


def test_no_prose_is_left(trimmed: Path) -> None:
    assert not [*trimmed.rglob("*.gz")]
    assert not [*trimmed.rglob("examples-*")]
    assert '"documentation":"' not in (trimmed / "dynamodb/2012-08-10/service-2.json").read_text("utf-8")
