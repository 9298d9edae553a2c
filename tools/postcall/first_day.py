"""`doctor --first-day`: the list of docs/deploy.md's first day, ticked by what the environment itself shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.text import Text

from tools.postcall.checks import Check, State
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL, CliError
from tools.postcall.language import current
from tools.postcall.screen import table

Members = dict[str, Any]
VENDOR = "elevenlabs"
OTEL = "post_call_transcription_otel"


@dataclass(frozen=True)
class Seen:
    """What the list is ticked by: doctor's findings by name, the webhook's report, the newest calls, the quarantine."""

    checks: dict[str, Check]
    webhook: Members
    calls: Sequence[Members]
    quarantine: Members

    def is_well(self, *names: str) -> bool:
        return all(name in self.checks and self.checks[name].state is State.WELL for name in names)

    @property
    def webhook_calls(self) -> list[Members]:
        return [call for call in self.calls if call["source"] == VENDOR]


@dataclass(frozen=True)
class Item:
    """One line of the list: its step of the page, what it asks for in both languages, and whether it is done."""

    step: str
    en: str
    ru: str
    is_done: Callable[[Seen], bool]


LIST = (
    Item(
        "4", "The API answers and takes your token", "API отвечает и принимает ваш токен", lambda it: it.is_well("API")
    ),
    Item(
        "6",
        "The search key has a value",
        "Ключ поиска задан",
        lambda it: "search" not in it.checks,
    ),
    Item(
        "7.1",
        "A call came by a signed webhook: the HMAC secret is the same on both sides",
        "Звонок пришёл подписанным вебхуком: секрет HMAC одинаков с обеих сторон",
        lambda it: bool(it.webhook_calls) and not it.quarantine.get("signature"),
    ),
    Item(
        "7.2",
        "ElevenLabs has the webhook, switched on",
        "Вебхук у ElevenLabs есть и включён",
        lambda it: it.webhook.get("status") == "done" and not it.webhook["missing"] and not it.webhook["disabled"],
    ),
    Item(
        "7.3",
        "Its retries are on",
        "Его повторы включены",
        lambda it: it.webhook.get("status") == "done" and not it.webhook["retries_off"],
    ),
    Item(
        "7.5",
        "Transcripts come as JSON, nothing in an unknown form",
        "Расшифровки приходят как JSON, неизвестных форм нет",
        lambda it: (
            bool(it.webhook_calls)
            and all(call["type"] != OTEL for call in it.webhook_calls)
            and not it.quarantine.get("unknown_type")
        ),
    ),
    Item("8", "A model judged the last calls", "Последние звонки оценила модель", lambda it: it.is_well("model")),
    Item(
        "8",
        "The CRM answers our static address",
        "CRM отвечает нашему статическому адресу",
        lambda it: it.is_well("CRM"),
    ),
    Item(
        "8",
        "Reconciliation runs, nothing stands still",
        "Сверка работает, ничего не стоит на месте",
        lambda it: it.is_well("reconciliation", "stuck events"),
    ),
    Item(
        "8",
        "Nothing was put aside",
        "Ничего не отложено",
        lambda it: it.is_well("analysis queue", "dispatch queue", "quarantine"),
    ),
    Item("9", "Leads go out", "Лиды отправляются", lambda it: it.is_well("sending")),
    Item(
        "9",
        "A lead was delivered",
        "Лид доставлен",
        lambda it: any(call["status"] == "delivered" for call in it.calls),
    ),
)


def first_day(context: Context, checks: list[Check]) -> int:
    """Show the list with what is done; the exit code is 1 as long as anything is open."""
    seen = _seen(context, {check.name: check for check in checks})
    done = [item.is_done(seen) for item in LIST]
    rows = (
        (item.step, Text("\N{CHECK MARK}" if is_done else "–", style="green" if is_done else "yellow"), _text(item))
        for item, is_done in zip(LIST, done, strict=True)
    )
    listed = [{"step": item.step, "what": item.en, "done": is_done} for item, is_done in zip(LIST, done, strict=True)]
    document = {"list": listed, "checks": [asdict(check) for check in checks]}
    context.screen.show(document, table(("docs/deploy.md", "done", "what"), rows))
    return DONE if all(done) else NOT_WELL


def _seen(context: Context, by_name: dict[str, Check]) -> Seen:
    try:
        health = context.api.health()
        calls = context.api.events(limit=100)["events"]
        quarantine = context.api.attention()["quarantine"]
    except CliError:  # the checks themselves say so
        return Seen(by_name, {}, [], {})
    return Seen(by_name, (health.get("webhook") or {}).get("report") or {}, calls, quarantine)


def _text(item: Item) -> str:
    return item.ru if current() == "ru" else item.en
