"""Restores point-in-time recovery: a table is restored as it was at a moment, not as it is now.

ministack copies the table of now. Here each write to a table notes what was there before, so that a table can be read
backwards; the oldest notes are dropped, and the first restorable moment moves on with them. Where AWS needs minutes,
the last restorable moment is here the present. Source: DynamoDB's API reference, RestoreTableToPointInTime.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import copy
import json
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

WRITES_KEPT = 5_000  # of all tables: some fifty megabytes of calls
Response = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Write:
    """What lay under a key before it was written."""

    table: str
    at: float
    key: tuple[str, str]
    before: dict[str, Any] | None


class Journal:
    """The last writes, oldest first, and since when there is none missing."""

    def __init__(self) -> None:
        self._writes: deque[Write] = deque()
        self._lock = threading.Lock()
        self.since = time.time()

    def note(self, write: Write) -> None:
        with self._lock:
            self._writes.append(write)
            if len(self._writes) > WRITES_KEPT:
                self.since = self._writes.popleft().at

    def later(self, table: str, moment: float) -> list[Write]:
        """The writes after a moment, newest first."""
        with self._lock:
            return [each for each in reversed(self._writes) if each.table == table and each.at > moment]


JOURNAL = Journal()


def install() -> None:
    """Note every write, answer the two operations that need it, and let a template switch it on."""
    _note("_set_item")
    _note("_remove_item")
    dynamodb._restore_table_to_point_in_time = _restore(dynamodb._restore_table_to_point_in_time)
    dynamodb._describe_continuous_backups = _describe(dynamodb._describe_continuous_backups)
    _let_templates_switch_it_on(provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::GlobalTable"])


def _note(name: str) -> None:
    write = getattr(dynamodb, name)

    def noted(table: dict[str, Any], pk: str, sk: str, *item: Any) -> Any:  # noqa: ANN401 — ministack's own
        before = write(table, pk, sk, *item)
        JOURNAL.note(Write(table["TableArn"], time.time(), (pk, sk), before))
        return before

    setattr(dynamodb, name, noted)


def _restore(restore: Any) -> Any:  # noqa: ANN401 — ministack's own
    def restore_as_of(data: dict[str, Any]) -> Response:
        source, moment = dynamodb._tables.get(data.get("SourceTableName", "")), data.get("RestoreDateTime")
        if source is None or moment is None or data.get("UseLatestRestorableTime"):
            answer: Response = restore(data)
            return answer
        if not JOURNAL.since <= moment <= time.time():
            return error_response_json("InvalidRestoreTimeException", f"{moment} cannot be restored to", 400)  # type: ignore[no-any-return]  # ministack has no types
        answer = restore(data)
        if answer[0] == 200:  # noqa: PLR2004 — HTTP's own
            _rewind(dynamodb._tables[data["TargetTableName"]], source["TableArn"], float(moment))
        return answer

    return restore_as_of


def _rewind(table: dict[str, Any], source: str, moment: float) -> None:
    items = table["items"]
    for write in JOURNAL.later(source, moment):
        pk, sk = write.key
        if write.before is not None:
            items[pk][sk] = copy.deepcopy(write.before)
        elif pk in items:
            items[pk].pop(sk, None)
    table["items"] = type(items)(items.default_factory, {pk: sks for pk, sks in items.items() if sks})
    dynamodb._items_replaced(table)


def _describe(describe: Any) -> Any:  # noqa: ANN401 — ministack's own
    def describe_with_moments(data: dict[str, Any]) -> Response:
        status, headers, body = describe(data)
        answer = json.loads(body)
        report = answer.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
        if "EarliestRestorableDateTime" not in report:
            return status, headers, body
        report |= {"EarliestRestorableDateTime": JOURNAL.since, "LatestRestorableDateTime": time.time()}
        return json_response(answer)  # type: ignore[no-any-return]  # ministack has no types

    return describe_with_moments


def _let_templates_switch_it_on(handlers: dict[str, Any]) -> None:
    """The provisioner reads nothing of a table's replicas, where its recovery stands."""
    for name, place in (("create", 1), ("update", 2)):  # the new properties' place among the arguments
        handlers[name] = _switching(handlers[name], place)


def _switching(provision: Any, place: int) -> Any:  # noqa: ANN401 — ministack's own
    def provision_and_switch(*arguments: Any) -> Any:  # noqa: ANN401 — the same
        made = provision(*arguments)
        (replica, *_) = arguments[place].get("Replicas") or [{}]
        specification = replica.get("PointInTimeRecoverySpecification") or {}
        dynamodb._pitr_settings[made[0]] = bool(specification.get("PointInTimeRecoveryEnabled"))
        return made

    return provision_and_switch
