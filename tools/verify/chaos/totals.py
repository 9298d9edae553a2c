"""The totals of a whole run: what the CRM, the operators' numbers and the auditor counted must be the same."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from tools.verify.chaos.campaign import Played
from tools.verify.chaos.local import RealStack
from tools.verify.simulation.promises import Promise


def differences(stack: RealStack, results: list[Played], *, since: datetime) -> list[str]:
    """In what the totals differ. Only for a stack on which nothing else has run since then."""
    ends = sum((one.ends for one in results), Counter[str]())
    stored = Counter({status: number for status, number in ends.items() if status != "not stored"})
    counted = Counter[str]()
    for day in _days(since):
        answer = stack.call_api("GET", f"/api/numbers?day={day}&zone=UTC")
        answer.raise_for_status()
        counted.update(answer.json()["by_status"])
    found = []
    if +counted != stored:
        found.append(f"{Promise.BOOKS_BALANCE}: operators count {dict(+counted)}, the audit {dict(stored)}")
    leads, seen = len(stack.crm.leads()), sum(one.leads for one in results)
    if leads != seen:
        found.append(f"{Promise.BOOKS_BALANCE}: the CRM has {leads} leads, those of the calls are {seen}")
    return found


def _days(since: datetime) -> list[date]:
    today = datetime.now(UTC).date()
    return [since.date() + timedelta(days=back) for back in range((today - since.date()).days + 1)]
