"""The change guard: what a difference between templates would do to a deployed environment."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.deployment.__main__ import main, tell
from infra.deployment.guard import Effect, Verdict, judge
from infra.resources.dependency_layer import ROOT
from tests.infra.templates import Templates

PROD = tuple(f"postcall-prod-{word}" for word in ("address", "api", "network", "data", "pipeline", "monitoring"))
INDEX_HISTORY = Path(__file__).parent / "snapshots" / "events_table_2413d3d.json"
HISTORY = ("2413d3d~1", "2413d3d")
Template = dict[str, Any]
Change = Callable[[dict[str, Template]], None]


@pytest.fixture
def deployed(synthesised: Templates) -> dict[str, Template]:
    return {name: json.loads((synthesised.folder / f"{name}.template.json").read_text("utf-8")) for name in PROD}


def verdicts(deployed: dict[str, Template], change: Change) -> list[Verdict]:
    after = copy.deepcopy(deployed)
    change(after)
    return judge(deployed, after)


def of_type(templates: dict[str, Template], word: str, kind: str) -> list[dict[str, Any]]:
    return [each for each in templates[f"postcall-prod-{word}"]["Resources"].values() if each["Type"] == kind]


def events_indexes(templates: dict[str, Template]) -> list[dict[str, Any]]:
    tables = of_type(templates, "data", "AWS::DynamoDB::GlobalTable")
    (events,) = [each for each in tables if each["Properties"]["TableName"] == "postcall-prod-webhook_events"]
    found: list[dict[str, Any]] = events["Properties"]["GlobalSecondaryIndexes"]
    return found


def index(name: str) -> dict[str, Any]:
    key = [{"AttributeName": name, "KeyType": "HASH"}]
    return {"IndexName": name, "KeySchema": key, "Projection": {"ProjectionType": "KEYS_ONLY"}}


def drop(templates: dict[str, Template], word: str, kind: str) -> None:
    resources = templates[f"postcall-prod-{word}"]["Resources"]
    del resources[next(name for name, each in resources.items() if each["Type"] == kind)]


def widen_a_projection(templates: dict[str, Template]) -> None:
    events_indexes(templates)[0]["Projection"]["NonKeyAttributes"].append("colour")


def change_an_indexs_key(templates: dict[str, Template]) -> None:
    events_indexes(templates)[0]["KeySchema"][0]["AttributeName"] = "colour"


def change_a_tables_key(templates: dict[str, Template]) -> None:
    table = of_type(templates, "data", "AWS::DynamoDB::GlobalTable")[0]
    table["Properties"]["KeySchema"][0]["AttributeName"] = "colour"


def change_the_network(templates: dict[str, Template]) -> None:
    of_type(templates, "network", "AWS::EC2::VPC")[0]["Properties"]["CidrBlock"] = "10.9.0.0/20"


def rename_a_zone(templates: dict[str, Template]) -> None:
    of_type(templates, "network", "AWS::EC2::Subnet")[0]["Properties"]["AvailabilityZone"] = "eu-central-1c"


def one_gateway_less(templates: dict[str, Template]) -> None:
    drop(templates, "address", "AWS::EC2::EIP")
    address = templates["postcall-prod-address"]
    exports = [name for name, each in address["Outputs"].items() if "Export" in each]
    del address["Outputs"][exports[0]]


def another_kind_of_api(templates: dict[str, Template]) -> None:
    drop(templates, "api", "AWS::ApiGatewayV2::Api")


def another_protocol(templates: dict[str, Template]) -> None:
    of_type(templates, "api", "AWS::ApiGatewayV2::Api")[0]["Properties"]["ProtocolType"] = "WEBSOCKET"


def no_more_secret(templates: dict[str, Template]) -> None:
    drop(templates, "data", "AWS::SecretsManager::Secret")


def no_more_logs(templates: dict[str, Template]) -> None:
    drop(templates, "data", "AWS::Logs::LogGroup")


def logs_into_the_pipeline(templates: dict[str, Template]) -> None:
    group = copy.deepcopy(of_type(templates, "data", "AWS::Logs::LogGroup")[0])
    templates["postcall-prod-pipeline"]["Resources"]["Logs"] = group


def two_new_indexes(templates: dict[str, Template]) -> None:
    events_indexes(templates).extend([index("by_colour"), index("by_size")])


def one_new_index(templates: dict[str, Template]) -> None:
    events_indexes(templates).append(index("by_colour"))


def another_layer(templates: dict[str, Template]) -> None:
    of_type(templates, "pipeline", "AWS::Lambda::LayerVersion")[0]["Properties"]["Content"]["S3Key"] = "other.zip"


def more_memory(templates: dict[str, Template]) -> None:
    of_type(templates, "pipeline", "AWS::Lambda::Function")[0]["Properties"]["MemorySize"] = 1024


@pytest.mark.parametrize(
    ("change", "effect"),
    [
        (widen_a_projection, Effect.REFUSED),
        (change_an_indexs_key, Effect.REFUSED),
        (change_a_tables_key, Effect.REFUSED),
        (change_the_network, Effect.REFUSED),
        (rename_a_zone, Effect.REFUSED),
        (one_gateway_less, Effect.LOSES_THE_ADDRESS),
        (another_kind_of_api, Effect.LOSES_THE_URL),
        (another_protocol, Effect.LOSES_THE_URL),
        (no_more_secret, Effect.NEEDS_A_RECIPE),
        (no_more_logs, Effect.NEEDS_A_RECIPE),
        (logs_into_the_pipeline, Effect.NEEDS_A_RECIPE),
        (two_new_indexes, Effect.ONE_AT_A_TIME),
        (one_new_index, Effect.SAFE),
        (another_layer, Effect.SAFE),
        (more_memory, Effect.SAFE),
    ],
)
def test_each_change_is_told_for_what_it_does(deployed: dict[str, Template], change: Change, effect: Effect) -> None:
    found = verdicts(deployed, change)

    assert effect in {verdict.effect for verdict in found}
    assert all(verdict.recipe for verdict in found if verdict.effect is not Effect.SAFE)


def test_an_export_in_use_cannot_go(deployed: dict[str, Template]) -> None:
    refused = [verdict for verdict in verdicts(deployed, one_gateway_less) if verdict.effect is Effect.REFUSED]

    assert "in use by postcall-prod-network" in refused[0].what


def test_nothing_is_said_of_what_is_the_same(deployed: dict[str, Template]) -> None:
    assert judge(deployed, copy.deepcopy(deployed)) == []


def test_a_first_deployment_is_safe(deployed: dict[str, Template]) -> None:
    assert {verdict.effect for verdict in judge({}, deployed)} == {Effect.SAFE}


def test_what_loses_the_address_fails_and_what_is_safe_is_counted(
    deployed: dict[str, Template], capsys: pytest.CaptureFixture[str]
) -> None:
    assert tell(verdicts(deployed, more_memory)) == 0
    assert capsys.readouterr().out == "1 changes, 1 of them safe\n"

    assert tell(verdicts(deployed, one_gateway_less)) == 1
    assert "loses the address: postcall-prod-address Address" in capsys.readouterr().out


@pytest.mark.parametrize("change", [two_new_indexes, no_more_secret])
def test_what_needs_care_does_not_fail(deployed: dict[str, Template], change: Change) -> None:
    assert tell(verdicts(deployed, change)) == 0


def test_what_the_project_once_did_to_its_indexes_could_not_have_been_applied() -> None:
    """Commit 2413d3d widened two projections and added two indexes in one change."""
    history = json.loads(INDEX_HISTORY.read_text(encoding="utf-8"))
    before, after = ({"data": {"Resources": {"Events": history[word]}}} for word in ("before", "after"))
    found = judge(before, after)

    assert [verdict.what for verdict in found if verdict.effect is Effect.REFUSED] == [
        "index by_day: keys and projection cannot be updated",
        "index by_status: keys and projection cannot be updated",
    ]
    assert [verdict.what for verdict in found if verdict.effect is Effect.ONE_AT_A_TIME] == [
        "indexes by_email, by_phone"
    ]


def has(commit: str) -> bool:
    """Whether this clone reaches so far back: a workflow's holds one commit alone."""
    asked = ["git", "cat-file", "-e", f"{commit}^{{commit}}"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0  # noqa: S603 — our own words


@pytest.mark.long
@pytest.mark.skipif(not has(HISTORY[0]), reason="a clone without its history")
def test_two_real_commits_are_compared_and_the_refused_one_is_found(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["guard", "prod", *HISTORY]) == 1

    said = capfd.readouterr().out
    for index in ("by_day", "by_status"):
        assert f"index {index}: keys and projection cannot be updated" in said
    assert "one at a time: postcall-prod-data TablesEventsE8DD42EA: indexes by_email, by_phone" in said
