"""What the file of each list holds beside the calls: heads by their code, rows in the operator's language and zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from functions.operations import wiring
from functions.operations.attention import shown
from functions.operations.bodies import day, query_param
from functions.operations.routes.attention import causes
from functions.operations.routes.ledger import kept_ledger
from functions.operations.routes.numbers import sums_of_days
from functions.operations.usecases.count import PLACES
from postcall.domain.event_id import public_id
from postcall.domain.said import Said, in_language, words

if TYPE_CHECKING:
    from functions.operations.sheet import Cell
    from postcall.aws.http import Request
    from postcall.domain.quarantine import Quarantined

MOST_ROWS = 5_000  # fits an answer and its time; more calls are exported by narrower filters
QUARANTINE_PAGE = 100


@dataclass(frozen=True)
class Reader:
    """Whose file it is: texts in their language, times of their zone."""

    language: str
    zone: ZoneInfo

    def word(self, group: str, code: str | None) -> str:
        """A code of the API in words; one that has none as it is."""
        return words().get(f"{group}.{code}", {}).get(self.language, code or "")

    def time(self, moment: datetime | None) -> str:
        """To the second."""
        return "" if moment is None else f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def sentence(self, text: str | None) -> str:
        """What was said, in words."""
        return in_language(text or "", self.language)


@dataclass(frozen=True)
class Table:
    """`heads` are codes of `export.…`; `truncated` says that there are more rows."""

    heads: tuple[str, ...]
    rows: list[list[Cell]]
    truncated: bool = False


def waiting(_request: Request, reader: Reader) -> Table:
    """What needs a person: a row a cause."""
    groups, complete = causes()
    rows: list[list[Cell]] = [
        [
            reader.word("status", group.status),
            reader.sentence(group.reason),
            group.count,
            reader.time(None if group.since is None else datetime.fromisoformat(group.since)),
            ", ".join(each["event_id"] for each in shown([group], {})[0]["people"]),
        ]
        for group in groups
    ]
    return Table(("status", "reason", "count", "since", "id"), rows, truncated=not complete)


def queues(_request: Request, reader: Reader) -> Table:
    """The dead letters, as many of each step as can be looked at."""
    rows: list[list[Cell]] = []
    depth = 0
    for step, queue in wiring.work_queues().items():
        depth += queue.depths()["dead_letters"]
        for letter in queue.look():
            event = wiring.events().get(letter.event_id) if letter.event_id else None
            rows.append(
                [
                    reader.word("export", step),
                    reader.time(letter.sent_at),
                    "" if event is None else reader.word("status", event.status),
                    reader.sentence(letter.reason) if letter.reason else reader.word("export", "tries"),
                    letter.event_id and public_id(letter.event_id),
                ]
            )
    return Table(("queue", "time", "status", "reason", "id"), rows, truncated=depth > len(rows))


def quarantine(_request: Request, reader: Reader) -> Table:
    """Refused webhooks, newest first; their bodies are nobody's to see."""
    entries = list(islice(_entries(), MOST_ROWS + 1))
    rows: list[list[Cell]] = [
        [
            reader.time(entry.received_at),
            reader.word("quarantined", entry.kind),
            reader.sentence(entry.reason),
            entry.bytes,
            reader.time(entry.released_at),
            entry.event_id and public_id(entry.event_id),
            entry.quarantine_id,
        ]
        for entry in entries[:MOST_ROWS]
    ]
    heads = ("time", "kind", "reason", "bytes", "released", "id", "entry")
    return Table(heads, rows, truncated=len(entries) > MOST_ROWS)


def _entries() -> Iterator[Quarantined]:
    cursor: str | None = None
    while True:
        page = wiring.quarantine_list().page(now=datetime.now(UTC), limit=QUARANTINE_PAGE, cursor=cursor)
        yield from page.entries
        cursor = page.cursor
        if cursor is None:
            return


def ledger(request: Request, reader: Reader) -> Table:
    """The day's reconciliation with ElevenLabs, as it was made last.

    Raises:
        HttpError: 404 where none was made.
    """
    wanted = query_param(request, "day", day) or datetime.now(reader.zone).date()
    found = kept_ledger(wanted)

    def by_reason(name: str, numbers: Mapping[str, int]) -> list[list[Cell]]:
        return [[reader.word("export", name), _reason(why, reader), number] for why, number in numbers.items()]

    rows: list[list[Cell]] = [
        [reader.word("export", "conversations"), "", found.conversations],
        [reader.word("export", "delivered"), "", found.delivered],
        *by_reason("excluded", found.excluded),
        *by_reason("waiting", found.waiting),
        [reader.word("export", "missing"), "", found.missing],
        [reader.word("export", "unlisted"), "", found.unlisted],
    ]
    return Table(("what", "reason", "count"), rows)


def _reason(why: str, reader: Reader) -> str:
    return reader.sentence(why) if isinstance(why, Said) else why


def numbers(request: Request, reader: Reader) -> Table:
    """The sums of the days asked for: in all, by day, by agent, by topic."""
    found = sums_of_days(request)

    def row(kind: str, name: str | None, sums: Mapping[str, Any]) -> list[Cell]:
        return [reader.word("export", kind), name, sums["received"], *(sums[place] for place in PLACES)]

    rows = [
        row("all", None, found),
        *(row("day", each["day"], each) for each in found["by_day"]),
        *(row("agent", each["agent_name"] or each["agent_id"], each) for each in found["by_agent"]),
        *(row("topic", reader.word("topic", each["topic"]), each) for each in found["by_topic"]),
    ]
    return Table(("what", "name", "received", *PLACES), rows, truncated=not found["complete"])


LISTS: dict[str, Callable[[Request, Reader], Table]] = {
    "waiting": waiting,
    "queues": queues,
    "quarantine": quarantine,
    "ledger": ledger,
    "numbers": numbers,
}
