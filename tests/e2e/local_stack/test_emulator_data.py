"""What the emulated tables, secrets and recorded resources promise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.local_stack.emulated import Emulated
from tools.local.waiting import wait_until

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


def test_a_refused_transaction_and_an_answer_leave_the_item_as_it_is(emulated: Emulated) -> None:
    table = emulated.aws.dynamodb()
    key = {"id": {"S": "kept"}}
    before: Any = {"M": {"list": {"L": [{"S": "first"}]}}}
    table.put_item(TableName="probe", Item={**key, "deep": before})
    update: Any = {
        "TableName": "probe",
        "Key": key,
        "UpdateExpression": "SET deep.#list[1] = :second",
        "ExpressionAttributeNames": {"#list": "list"},
        "ExpressionAttributeValues": {":second": {"S": "second"}},
    }
    absent: Any = {"TableName": "probe", "Key": {"id": {"S": "nothing"}}, "ConditionExpression": "attribute_exists(id)"}
    with pytest.raises(table.exceptions.TransactionCanceledException):
        table.transact_write_items(TransactItems=[{"Update": update}, {"ConditionCheck": absent}])
    assert table.get_item(TableName="probe", Key=key)["Item"]["deep"] == before
    assert table.update_item(**update, ReturnValues="ALL_OLD")["Attributes"]["deep"] == before
    table.transact_write_items(TransactItems=[{"Update": update | {"UpdateExpression": "SET deep.#list[2] = :second"}}])
    assert table.get_item(TableName="probe", Key=key)["Item"]["deep"]["M"]["list"]["L"][1:] == [{"S": "second"}] * 2


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


def test_a_table_is_restored_as_it_was_at_a_moment(emulated: Emulated) -> None:
    table = emulated.aws.dynamodb()
    recovery = {"PointInTimeRecoveryEnabled": True}
    table.update_continuous_backups(TableName="probe", PointInTimeRecoverySpecification=recovery)  # type: ignore[arg-type]  # a plain dict
    for name in ("changed", "deleted"):
        table.put_item(TableName="probe", Item={"id": {"S": name}, "was": {"S": "before"}})
    moment = whole_second_from_now()

    table.put_item(TableName="probe", Item={"id": {"S": "changed"}, "was": {"S": "after"}})
    table.put_item(TableName="probe", Item={"id": {"S": "new"}})
    table.delete_item(TableName="probe", Key={"id": {"S": "deleted"}})
    table.restore_table_to_point_in_time(SourceTableName="probe", TargetTableName="as-it-was", RestoreDateTime=moment)

    items = {item["id"]["S"]: item.get("was", {}).get("S") for item in table.scan(TableName="as-it-was")["Items"]}
    assert items["changed"] == items["deleted"] == "before"
    assert "new" not in items
    assert "deleted" not in {item["id"]["S"] for item in table.scan(TableName="probe")["Items"]}


def test_a_moment_that_nobody_kept_is_refused(emulated: Emulated) -> None:
    table = emulated.aws.dynamodb()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with pytest.raises(ClientError, match="InvalidRestoreTime"):
        table.restore_table_to_point_in_time(
            SourceTableName="probe", TargetTableName="of-yesterday", RestoreDateTime=yesterday
        )


def whole_second_from_now() -> datetime:
    """A moment that is over when this returns, and that nothing later is in: DynamoDB knows seconds."""
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    wait_until(lambda: datetime.now(UTC) > moment, what="the second is over")
    return moment
