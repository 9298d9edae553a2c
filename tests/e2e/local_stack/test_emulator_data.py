"""What the emulated tables, secrets and recorded resources promise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.local_stack.emulated import Emulated, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]


def test_of_many_puts_of_a_new_item_exactly_one_wins(emulated: Emulated) -> None:
    table = emulated.aws.dynamodb()

    def put(number: int) -> bool:
        item = {"id": {"S": "raced for"}, "by": {"N": str(number)}}
        try:
            table.put_item(TableName="probe", Item=item, ConditionExpression="attribute_not_exists(id)")
        except table.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(8) as clients:
        assert sum(clients.map(put, range(100))) == 1


def test_a_reference_to_a_secret_is_its_arn(emulated: Emulated) -> None:
    reference = emulated.outputs["SecretReference"]
    assert reference.startswith(f"arn:aws:secretsmanager:{emulated.aws.region}:000000000000:secret:probe/empty-")
    assert emulated.aws.secrets_manager().describe_secret(SecretId=reference)["Name"] == "probe/empty"


def test_a_secret_declared_without_a_value_has_none(emulated: Emulated) -> None:
    client = emulated.aws.secrets_manager()
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_secret_value(SecretId="probe/empty")


def test_a_resource_that_is_recorded_only_answers_references_and_is_logged_by_name(emulated: Emulated) -> None:
    assert emulated.outputs["Address"].startswith("203.0.113.")
    assert emulated.outputs["AllocationId"].startswith("eipalloc-")
    log = (emulated.directory.logs / "emulator.log").read_text(encoding="utf-8")
    assert "AWS::Budgets::Budget (Budget in probe) is recorded only" in log


def test_a_log_line_in_the_embedded_metric_format_is_a_metric(emulated: Emulated) -> None:
    emulated.call("/metric")
    wait_until(lambda: _seen(emulated) != [], what="the metric is recorded")
    assert [(point["SampleCount"], point["Sum"]) for point in _seen(emulated)] == [(2, 3)]


def _seen(emulated: Emulated) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    answer = emulated.aws.client("cloudwatch").get_metric_statistics(
        Namespace="Probe",
        MetricName="Seen",
        Dimensions=[{"Name": "step", "Value": "web"}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=7200,
        Statistics=["SampleCount", "Sum"],
    )
    points: list[dict[str, Any]] = answer["Datapoints"]
    return points
