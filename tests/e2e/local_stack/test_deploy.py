"""How the local stack deploys a cloud assembly: what changed and nothing else, and with a reason when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.local_stack.emulated import Emulated
from tests.e2e.local_stack.probe_assembly import probe_template, write_assembly
from tools.local.deploy import DeploymentError, deploy, unheard
from tools.local.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]


@contextmanager
def by_default_afterwards(emulated: Emulated, assembly: Path) -> Iterator[None]:
    """Every setting goes back to its default, however the block ends."""
    try:
        yield
    finally:
        deploy(assembly, emulated.aws, {})


def test_a_stack_that_did_not_change_is_left_alone(emulated: Emulated, tmp_path: Path) -> None:
    report: list[str] = []
    deploy(write_assembly(tmp_path), emulated.aws, {}, report.append)
    assert report == ["probe: unchanged"]


def test_a_changed_setting_reaches_the_function_and_an_unset_one_goes_back(emulated: Emulated, tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path)
    with by_default_afterwards(emulated, assembly):
        deploy(assembly, emulated.aws, {"PROBE_SETTING": "from the shell"})
        assert emulated.call("/seen").json["setting"] == "from the shell"
    assert emulated.call("/seen").json["setting"] == "by default"


def test_a_setting_that_no_template_takes_is_named(tmp_path: Path) -> None:
    settings = {"PROBE_SETTING": "taken", "PROBE_SETING": "not taken"}
    assert unheard(write_assembly(tmp_path), settings) == ["PROBE_SETING"]


def test_a_failed_deployment_names_the_resource_and_the_reason_and_changes_nothing(
    emulated: Emulated, tmp_path: Path
) -> None:
    template = probe_template()
    template["Resources"]["Wrong"] = {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1},
    }
    with pytest.raises(DeploymentError, match=r"probe: Wrong \(AWS::CloudWatch::Alarm\) failed: MetricName"):
        deploy(write_assembly(tmp_path, template), emulated.aws, {})
    assert emulated.call("/seen").status == 200


def test_an_unknown_type_of_resource_is_refused_by_name(emulated: Emulated, tmp_path: Path) -> None:
    template = probe_template()
    template["Resources"]["Wrong"] = {"Type": "AWS::Nothing::OfTheKind", "Properties": {}}
    with pytest.raises(DeploymentError, match="AWS::Nothing::OfTheKind"):
        deploy(write_assembly(tmp_path, template), emulated.aws, {})


def test_a_handler_that_runs_during_an_update_may_finish(emulated: Emulated, tmp_path: Path) -> None:
    assembly, log = write_assembly(tmp_path), emulated.directory.logs / "probe-web.log"
    before = log.read_text(encoding="utf-8").count("sleeping") if log.exists() else 0
    with by_default_afterwards(emulated, assembly), ThreadPoolExecutor() as client:
        call = client.submit(emulated.call, "/sleep?seconds=1")
        wait_until(
            lambda: log.exists() and log.read_text(encoding="utf-8").count("sleeping") > before, what="the handler runs"
        )
        deploy(assembly, emulated.aws, {"PROBE_SETTING": "new"})
        assert emulated.call("/seen").json["setting"] == "new"
        assert call.result().json["setting"] == "by default"
