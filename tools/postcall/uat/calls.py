"""The invented calls of the acceptance test: «UAT Postcall» on the line, event ids that begin with `uat-`."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from functions.dispatch.probe_requests import TEST_EMAIL, TEST_NAME, TEST_PHONE

_TURNS = (
    ("agent", "Добрый день! Это тестовый звонок приёмочных испытаний. Чем могу помочь?"),
    ("user", "Здравствуйте! Интересует двухкомнатная квартира, бюджет до ста двадцати тысяч долларов."),
    ("agent", "Подойдёт новостройка со сдачей в следующем году?"),
    ("user", "Да, подойдёт. Хочу приехать посмотреть в субботу до обеда."),
    ("agent", "Записала. Менеджер перезвонит и подтвердит время."),
    ("user", "Хорошо, жду звонка. Спасибо."),
)


def run_name(now: datetime) -> str:
    """A name for one run: it stands in every event id of the run."""
    return f"{now:%Y%m%d-%H%M}-{secrets.token_hex(4)}"


def event_id(run: str, scenario: str) -> str:
    """The event id of a scenario's call."""
    return f"uat-{run}-{scenario.lower()}"


def call(run: str, scenario: str, *, phone: bool = True, email: bool = True, name: bool = True) -> dict[str, Any]:
    """The body of `POST /api/analyze` for a scenario."""
    contacts = {
        **({"full_name": f"{TEST_NAME} {scenario}"} if name else {}),
        **({"phone": TEST_PHONE} if phone else {}),
        **({"email": TEST_EMAIL} if email else {}),
    }
    return {
        "event_id": event_id(run, scenario),
        "agent_id": "uat-agent",
        "conversation_id": f"uat-{run}",
        "transcript": [
            {"role": role, "message": text, "time_in_call_secs": 4 * number}
            for number, (role, text) in enumerate(_TURNS)
        ],
        **({"contacts": contacts} if contacts else {}),
    }


def changed(body: dict[str, Any]) -> dict[str, Any]:
    """The same call with one more sentence: another body under the same event id."""
    more = {"role": "user", "message": "И ещё: нужна парковка.", "time_in_call_secs": 40}
    return body | {"transcript": [*body["transcript"], more]}
