"""Any result of the acceptance test: a test names only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tools.postcall.uat.environment import Environment
from tools.postcall.uat.report import Report
from tools.postcall.uat.result import Exchange, Heard, Result, Seen, Verdict

SETTINGS: dict[str, Any] = {
    "EXTERNAL_CRM_ENABLED": True,
    "EXTERNAL_CRM_DRY_RUN": False,
    "CRM_SERVICE_URL": "https://crm.example.com/0/save",
    "CRM_LANDING_ID": "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b",
    "CRM_TRUSTED_ORIGIN": "https://mir.utlik.pro",
    "CRM_REFERER": "https://mir.utlik.pro/",
    "CRM_WIRE_FORMAT": "letter",
    "CRM_DEDUPLICATION": "none",
    "CRM_REQUIRE_CONTACT": "none",
    "CRM_TIMEOUT_SECONDS": 30.0,
    "CRM_MAX_BODY_BYTES": 60_000,
    "CRM_MAX_REQUESTS_PER_SECOND": None,
    "CRM_FIELD_MAP": "letter",
    "DISPATCH_CONCURRENCY": 2,
}
ROWS: tuple[dict[str, Any], ...] = (
    {"name": "Commentary", "section": "fields", "source": "commentary", "max_length": None},
    {"name": "UsrEventId", "section": "fields", "source": "event_id", "max_length": None},
    {"name": "UsrSource", "section": "fields", "source": None, "constant": "LLM", "max_length": 50},
    {"name": "Phone", "section": "contact_fields", "source": "phone", "max_length": 250},
)


def heard(outcome: str | None = "delivered", status: int | None = 200, **members: Any) -> Heard:
    """An answer of the CRM."""
    return replace(Heard(outcome=outcome, http_status=status, duration_ms=40), **members)


def result(
    key: str, *answers: Heard, seen: int | None = None, empty: tuple[str, ...] | None = None, **members: Any
) -> Result:
    """A scenario or probe that was run; `seen` and `empty` are what a look into the CRM has shown."""
    made = Result(
        key, Verdict.PASSED, "Сказано.", f"uat-run-{key.lower()}", heard=answers, seen=Seen(seen, empty, "оператор")
    )
    return replace(made, **members)


def results(*found: Result) -> dict[str, Result]:
    """By their keys."""
    return {each.key: each for each in found}


def environment(**members: Any) -> Environment:
    """An environment that sends, with one static address."""
    made = Environment("uat", SETTINGS, ROWS, ("203.0.113.7",), reachable=True)
    return replace(made, **members)


def report(*found: Result, **members: Any) -> Report:
    """A report over these results."""
    made_at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    return Report(environment(**members), results(*found), "20261124-1200-ab", made_at, "0.1.0")


EXCHANGE = Exchange("Отправка", "POST /x\n\n<script>alert(1)</script>", 'HTTP 200\n{"a": "b"}')
