"""What the simulated CRM has saved: leads, reference books, contacts, rows of `WebFormData`; and the requests."""

import threading
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tools.simulators.crm.entity import Column, Value
from tools.simulators.crm.profiles import Configuration

REQUESTS_KEPT = 5_000


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Lead:
    """A lead by its Id, with what a test wants to know about how it came to be."""

    id: str
    landing_id: str
    fields: dict[str, Value]
    created: int = 1
    updated: int = 0
    created_on: str = field(default_factory=now)
    modified_on: str = field(default_factory=now)
    contact: dict[str, str] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    not_set: list[str] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)

    @property
    def event_id(self) -> str:
        return str(self.fields.get("UsrEventId", ""))

    def as_json(self) -> dict[str, Any]:
        names = ("id", "landing_id", "fields", "created", "updated", "created_on", "modified_on", "contact")
        lists = ("cut", "dropped", "not_set", "requests")
        shown = {name: getattr(self, name) for name in (*names, *lists)}
        return {name: value.copy() if isinstance(value, dict | list) else value for name, value in shown.items()} | {
            "event_id": self.event_id
        }


@dataclass
class Exchanged:
    """A request on record with what was answered; `answer_status` is None when the connection was just closed."""

    received_at: str
    method: str
    path: str
    headers: dict[str, str]
    body: str
    client_ip: str
    number: int = 0
    answer_status: int | None = None
    answer_body: str = ""
    faults: list[str] = field(default_factory=list)
    milliseconds: float = 0.0


class KeyTaken(Exception):
    """The database refuses to save: the name of the unique index, and the value that is there already."""

    def __init__(self, index: str, value: str) -> None:
        super().__init__(index)
        self.index = index
        self.value = value


PRIMARY_KEY = "PK_Lead"


class Records:
    """The CRM's database, in memory. Each method is one statement: whole or not at all, also between threads.

    A reset makes a new one, so that a request which is still under way then saves into the past.
    """

    def __init__(self, config: Configuration) -> None:
        self._lock = threading.RLock()
        self._leads: dict[str, Lead] = {}
        self._books: dict[str, dict[str, str]] = {}
        self._seeded: dict[str, set[str]] = {}
        self._request_count = 0
        self.contacts: list[dict[str, Any]] = []
        self.web_form_data: list[dict[str, Any]] = []
        self.requests: deque[Exchanged] = deque(maxlen=REQUESTS_KEPT)
        self.log: list[str] = []
        self.seed(config)

    def seed(self, config: Configuration) -> None:
        """Put the reference books' first values in, and leave those that are there."""
        with self._lock:
            for table, book in config.lookups.items():
                rows = self._books.setdefault(table, {})
                self._seeded.setdefault(table, set()).update(book.values)
                for value in book.values:
                    if value not in rows.values():
                        rows[str(uuid.uuid5(uuid.NAMESPACE_OID, f"{table}/{value}"))] = value

    @property
    def lead_count(self) -> int:
        return len(self._leads)

    def has_lead(self, lead_id: str) -> bool:
        with self._lock:
            return lead_id in self._leads

    def lead(self, lead_id: str) -> Lead | None:
        with self._lock:
            return self._leads.get(lead_id)

    def leads(self, event_id: str | None = None) -> list[dict[str, Any]]:
        with self._lock:
            return [lead.as_json() for lead in self._leads.values() if event_id is None or lead.event_id == event_id]

    def insert(self, lead: Lead, columns: tuple[Column, ...]) -> None:
        """Raises KeyTaken when the Id or a unique column's value is there already.

        Raises:
            KeyTaken: The database refuses to save: the name of the unique index, and the value that is there
                already.
        """
        with self._lock:
            if lead.id in self._leads:
                raise KeyTaken(PRIMARY_KEY, lead.id)
            self._check_unique(lead.id, lead.fields, columns)
            self._leads[lead.id] = lead

    def update(self, new: Lead, columns: tuple[Column, ...]) -> None:
        """Overwrite the columns that came, keep the others, count the update. Raises KeyTaken."""
        with self._lock:
            lead = self._leads[new.id]
            self._check_unique(new.id, new.fields, columns)
            lead.fields.update(new.fields)
            lead.contact.update(new.contact)
            lead.updated += 1
            lead.modified_on = now()
            lead.cut, lead.dropped, lead.not_set = new.cut, new.dropped, new.not_set
            lead.requests += new.requests

    def _check_unique(self, lead_id: str, fields: dict[str, Value], columns: tuple[Column, ...]) -> None:
        for name in (column.name for column in columns if column.unique):
            if name in fields and any(
                other.fields.get(name) == fields[name] for other in self._leads.values() if other.id != lead_id
            ):
                raise KeyTaken(f"IUX_Lead_{name}", str(fields[name]))

    def find_in_book(self, table: str, value: str) -> tuple[str, str] | None:
        """Id and text of the row with this Id or, trimmed and without regard to case, this text."""
        with self._lock:
            rows = self._books.get(table, {})
            if value in rows:
                return value, rows[value]
            wanted = value.strip().casefold()
            return next(((row_id, name) for row_id, name in rows.items() if name.casefold() == wanted), None)

    def add_to_book(self, table: str, value: str, row_id: str | None = None) -> tuple[str, str]:
        with self._lock:
            row_id = row_id or str(uuid.uuid4())
            self._books.setdefault(table, {})[row_id] = value
            return row_id, value

    def books(self) -> dict[str, list[dict[str, Any]]]:
        """The reference books; `created` marks a row that a form has put in."""
        with self._lock:
            return {
                table: [
                    {"id": row_id, "name": name, "created": name not in self._seeded.get(table, set())}
                    for row_id, name in rows.items()
                ]
                for table, rows in self._books.items()
            }

    def write_down(self, exchanged: Exchanged) -> None:
        """Put a request on record under its number, which counts from 1."""
        with self._lock:
            self._request_count += 1
            exchanged.number = self._request_count
            self.requests.append(exchanged)
