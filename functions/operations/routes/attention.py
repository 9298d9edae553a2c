"""All that needs a person, by cause, with true counts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from http import HTTPStatus

from functions.operations import wiring
from functions.operations.attention import ORDER, Group, by_cause, first_of_each, shown, stalled
from postcall.aws.http import Request, Response, json_response
from postcall.domain.status import Status

STALLED_AT_MOST = 1000
QUARANTINE_PAGES, QUARANTINE_PAGE = 10, 100
RESTING = (Status.DISABLED, Status.DRY_RUN)


def show(_request: Request, _who: str) -> Response:
    """The groups, what rests by a setting, and what lies in the quarantine. At most some eighty reads."""
    groups, all_groups = causes()
    kinds, all_kinds = _quarantined()
    return json_response(
        HTTPStatus.OK,
        {
            "groups": shown(groups, wiring.persons().contacts(first_of_each(groups))),
            "waiting": sum(group.count for group in groups),
            "complete": all_groups and all_kinds,
            "resting": {status.value: wiring.waiting().count(status) for status in RESTING},
            "quarantine": dict(kinds),
        },
    )


def causes() -> tuple[list[Group], bool]:
    """The groups, and whether all that wait were counted."""
    waiting = wiring.waiting()
    read = {status: waiting.at(status) for status in ORDER}
    abandoned = wiring.pending().abandoned(limit=STALLED_AT_MOST)
    groups = [group for status, (rows, _) in read.items() for group in by_cause(status, rows)] + stalled(abandoned)
    return groups, all(whole for _, whole in read.values()) and len(abandoned) < STALLED_AT_MOST


def _quarantined() -> tuple[Counter[str], bool]:
    """How many entries wait, by kind, and whether all were counted."""
    kinds: Counter[str] = Counter()
    cursor: str | None = None
    for _ in range(QUARANTINE_PAGES):
        page = wiring.quarantine_list().page(now=datetime.now(UTC), limit=QUARANTINE_PAGE, cursor=cursor)
        kinds.update(entry.kind.value for entry in page.entries if entry.released_at is None)
        cursor = page.cursor
        if cursor is None:
            return kinds, True
    return kinds, False
