"""The API as an OpenAPI 3.1 document: intake's two routes and all of operations'.

Written by hand and held to the behaviour by tests: every route stands in it, every answer fits its schema, every status
that it names is seen.
"""

from __future__ import annotations

from typing import Any

from functions.operations.openapi.paths import PATHS
from functions.operations.openapi.schemas import SCHEMAS

TAGS = {
    "Вход": "Звонки приходят сюда: вебхук ElevenLabs и наши собственные системы.",
    "Звонки": "Список, поиск, один звонок со всем, что с ним было.",
    "Действия": "Повторная отправка, решение по неизвестному исходу, удаление персональных данных.",
    "Очереди": "Что ждёт, что отложено, возврат отложенного.",
    "Карантин": "Отклонённые вебхуки, которые могут быть настоящими.",
    "Сводки": "Числа дня, сверка, состояние.",
    "Справка": "Это описание и его страница.",
}


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Postcall",
            "version": "1",
            "summary": "ElevenLabs calls become leads in BPMsoft: every call once, none lost, each step on the record.",
            "description": "Times are ISO 8601 in UTC. Errors are problem details (RFC 9457). Lists are newest first; "
            "next_cursor leads to the next page and is null on the last.",
        },
        "servers": [{"url": ".."}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "operator": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A named operator's token; its name stands on the record of what is ordered.",
                },
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "ElevenLabs-Signature",
                    "description": "t=<unix seconds>,v0=<hex HMAC-SHA256 of t.body under the webhook's secret>",
                },
            },
        },
    }
