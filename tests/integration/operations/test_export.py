"""Every list as a file, in the operator's language and zone; no text in it becomes a formula."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

from postcall.domain.ledger import Ledger
from tests.integration.conftest import TOKEN
from tests.integration.operations.harness import OperationsHarness

FORMULA = "=HYPERLINK(1)"
CALLER = {"full_name": "Зинаида", "phone": "+375291112233"}


def lines(answer: Any) -> list[str]:
    """Of a CSV file."""
    assert answer["statusCode"] == 200, answer
    return base64.b64decode(answer["body"]).decode("utf-8-sig").splitlines()


def exported(harness: OperationsHarness, **query: str) -> list[str]:
    return lines(harness.pipeline.call_api("GET", "/api/export", {"format": "csv", **query}, TOKEN))


def test_a_list_is_exported_as_a_file_in_the_operator_s_language_and_zone(harness: OperationsHarness) -> None:
    harness.bring("yulia", contacts={"full_name": "Юлия", "phone": "+375291112233"})
    harness.bring("refused", fault="landing_off")
    answer = harness.pipeline.call_api("GET", "/api/export", {"format": "csv", "lang": "ru"}, TOKEN)
    assert (answer["statusCode"], answer["headers"]["x-truncated"]) == (200, "false")
    text = base64.b64decode(answer["body"]).decode("utf-8-sig")
    head, *rows = text.splitlines()
    assert head.startswith("Время;Имя;Телефон;E-mail;Тема")
    assert any("Юлия;+375291112233" in row and row.endswith(";yulia") for row in rows)
    assert any('Отклонён;"Лендинг в CRM выключен' in row for row in rows)
    only = harness.pipeline.call_api(
        "GET", "/api/export", {"format": "xlsx", "status": "rejected", "lang": "en"}, TOKEN
    )
    assert base64.b64decode(only["body"])[:2] == b"PK"
    for wrong in ({"format": "pdf"}, {"lang": "be"}, {"zone": "../../etc/passwd"}, {"list": "secrets"}):
        assert harness.call_api("GET", "/api/export", query=wrong)[0] == 400


def test_what_waits_is_exported_by_cause(harness: OperationsHarness) -> None:
    harness.bring("refused", fault="landing_off")
    head, row = exported(harness, list="waiting")
    assert head == "Статус;Причина;Число;С;Id"
    assert row.startswith("Отклонён;")
    assert row.endswith(";refused")
    assert exported(harness, list="waiting", lang="en")[1].startswith("Rejected;")


def test_a_dead_letter_is_exported_with_its_reason(harness: OperationsHarness) -> None:
    harness.bring("refused", fault="landing_off")
    _, row = exported(harness, list="queues", lang="en")
    assert row.startswith("Dispatch;")
    assert row.endswith(";refused")
    assert "Rejected" in row


def test_refused_webhooks_are_exported_without_their_bodies(harness: OperationsHarness) -> None:
    harness.webhook(header="t=1,v0=00")
    head, row = exported(harness, list="quarantine")
    assert head.split(";")[:4] == ["Время", "Вид", "Причина", "Байт"]
    assert "квартиру" not in row


def test_the_ledger_and_the_numbers_of_days_are_exported(harness: OperationsHarness) -> None:
    harness.bring("refused", fault="landing_off")
    harness.pipeline.aws.ledgers.put(Ledger(date(2026, 10, 26), datetime.now(UTC), 2, 1, missing=1))
    assert "Пропущено;;1" in exported(harness, list="ledger", day="2026-10-26")
    numbers = exported(harness, list="numbers", days="7", lang="en")
    assert "All;;1;0;0;1;0;0" in numbers
    assert sum(row.startswith("Day;") for row in numbers) == 7


def test_what_a_search_finds_is_exported_and_no_text_becomes_a_formula(harness: OperationsHarness) -> None:
    harness.bring("caller", contacts=CALLER, agent_id=FORMULA)
    harness.bring("another")
    for query in (CALLER["phone"], "Zinaida", "call_"):
        body = json.dumps({"query": query}).encode()
        answer = harness.pipeline.call_api("POST", "/api/export", {"format": "csv"}, TOKEN, body)
        assert answer["headers"]["x-truncated"] == "false", "it looks back to the oldest"
        rows = lines(answer)[1:]
        assert len(rows) == (0 if query == "call_" else 1), query
        assert all(f";Зинаида;{CALLER['phone']};" in row and row.endswith(f";'{FORMULA};caller") for row in rows)
