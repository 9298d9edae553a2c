"""What a rehearsal does to a running stack, and what it reads of it: the API, the tables, the CRM's window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from infra.environments import load
from tools.local.aws import EmulatedAws
from tools.local.endpoints import Endpoints
from tools.local.paths import ROOT
from tools.local.waiting import wait_until
from tools.postcall.restore.rules import KEYS, Row
from tools.verify.load.crm import CrmWindow

SECONDS = 120.0
Snapshot = dict[str, dict[tuple[str, ...], Row]]  # by table, by key


class Stage:
    """A stack that is up in its folder."""

    def __init__(self, folder: Path, endpoints: Endpoints) -> None:
        self._folder, self._tables = folder, {table: load("local").names.table(table) for table in KEYS}
        headers = {"Authorization": f"Bearer {endpoints.operator_token}"}
        self._api = httpx.Client(base_url=endpoints.api_url, headers=headers, timeout=60, trust_env=False)
        aws = EmulatedAws(endpoints.aws_endpoint_url, endpoints.region)
        self._dynamodb, self._functions = aws.dynamodb(), aws.functions()
        self.crm = CrmWindow(str(endpoints.crm_admin_url))

    def bring(self, event_ids: Iterable[str]) -> None:
        """Bring calls as a system of our own does."""
        for number, event_id in enumerate(event_ids):
            turn = {"role": "user", "message": "Хочу купить двухкомнатную квартиру."}
            contacts = {"full_name": "Иван Иванов", "phone": f"+3752912345{number:02d}"}
            call = {"event_id": event_id, "transcript": [turn], "contacts": contacts}
            self._api.post("/api/analyze", json=call | {"conversation_id": event_id}).raise_for_status()

    def erase(self, event_id: str) -> None:
        """Erase a call for good."""
        self._api.post(f"/api/events/{event_id}/erase", json={"reason": "a rehearsal"}).raise_for_status()

    def event(self, event_id: str) -> dict[str, Any]:
        """The event as people see it; empty where there is none."""
        found = self._api.get(f"/api/events/{event_id}")
        return dict(found.json()["event"]) if found.is_success else {}

    def rests(self, event_ids: Iterable[str], status: str) -> None:
        """Wait until all stand at a status.

        Raises:
            TimeoutError: The time is up.
        """
        for event_id in event_ids:
            there = partial(self._stands_at, event_id, status)
            wait_until(there, what=f"{event_id} is {status}", seconds=SECONDS, error=TimeoutError)

    def _stands_at(self, event_id: str, status: str) -> bool:
        return bool(self.event(event_id).get("status") == status)

    def transcript(self, event_id: str) -> bool:
        """Whether what was said can be read."""
        return self._api.get(f"/api/events/{event_id}/call").is_success

    def sweep(self) -> None:
        """What the schedule orders every few minutes."""
        self._functions.invoke(FunctionName="postcall-local-reconciliation", Payload=b'{"command": "sweep"}')

    def snapshot(self) -> Snapshot:
        """All that the restorable tables hold."""
        return {
            table: {tuple(str(row[name]) for name in key): row for row in self._rows(self._tables[table])}
            for table, key in KEYS.items()
        }

    def lose(self, event_ids: Iterable[str]) -> int:
        """Delete every row of these events: what no code of ours does. The number of rows."""
        lost = 0
        gone = {*event_ids}
        for table, key in KEYS.items():
            for row in self._rows(self._tables[table]):
                event_id = row.get("event_id", {}).get("S", "")
                if event_id.rsplit("/", 1)[-1] in gone:
                    self._dynamodb.delete_item(TableName=self._tables[table], Key={name: row[name] for name in key})
                    lost += 1
        return lost

    def restore(self, moment: str) -> dict[str, Any]:
        """`postcall restore`, as an operator types it; its document.

        Raises:
            subprocess.CalledProcessError: The command failed.
        """
        command = [sys.executable, "-m", "tools.postcall", "restore", "--to", moment, "--yes", "--json"]
        report = os.environ | {"POSTCALL_LOCAL_DIR": str(self._folder)}
        done = subprocess.run(command, cwd=ROOT, env=report, capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def _rows(self, table: str) -> list[Row]:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        return [dict(row) for page in pages for row in page["Items"]]
