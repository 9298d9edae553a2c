"""The letters to the CRM's owner, filled in with an environment's values. The texts lie in `templates/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.postcall.pages import templates
from tools.postcall.uat.advised import Advice, Sureness
from tools.postcall.uat.bench import pretty
from tools.postcall.uat.environment import Environment
from tools.postcall.uat.wording import counted, leads

_TEMPLATES = templates(Path(__file__).parent / "templates")
NOTHING = "• Ничего."
NO_ADDRESS = "[выход StaticIps стека postcall-{env}-address после развёртывания]"
NO_ADDRESS_LOCALLY = "[на локальном стенде статического адреса нет]"
BODIES = {
    "letter": "landingId, fields, contactFields (пример ниже)",
    "web_form": "formData с formId, formFieldsData, contactFieldsData, как у виджета (пример ниже)",
}
SOURCES = {
    "commentary": "разбор звонка одной строкой",
    "qualification_comment": "пояснение к квалификации",
    "lead_status": "статус лида",
    "topic": "тема",
    "intent": "намерение",
    "quality_score": "качество, от 1 до 5",
    "event_id": "номер звонка у нас",
    "agent_id": "номер ассистента",
    "conversation_id": "номер разговора",
    "full_name": "имя",
    "phone": "телефон",
    "email": "e-mail",
    "summary": "итог",
    "summary_ru": "итог по-русски",
    "recommendations": "рекомендации",
    "language": "язык разговора",
    "needs_review": "нужна проверка человеком",
    "received_at": "время звонка",
}
SAMPLES = {
    "commentary": "Тема: … | Намерение: … | Качество: 4 | Итог: … | Итог (RU): … | Рекомендации: … | "
    "IDs: event=conv_123, agent=agent_1, conv=conv_123",
    "quality_score": "4",
    "event_id": "conv_123",
    "agent_id": "agent_1",
    "conversation_id": "conv_123",
    "full_name": "Иван Иванов",
    "phone": "+375291234567",
    "email": "user@example.com",
}


@dataclass(frozen=True)
class Letter:
    """A letter, ready to be copied; `text` is plain."""

    title: str
    subject: str
    text: str


def addresses(environment: Environment) -> str:
    """The addresses to allowlist, or where to find them."""
    missing = NO_ADDRESS_LOCALLY if environment.env == "local" else NO_ADDRESS.format(env=environment.env)
    return ", ".join(environment.static_ips) or missing


def agreement(environment: Environment) -> Letter:
    """The questions, with what this environment sends."""
    settings = environment.settings
    text = _filled(
        "agreement",
        environment,
        wire_format=BODIES[str(settings["CRM_WIRE_FORMAT"])],
        fields="\n".join(f"• {field_line(row)}" for row in environment.field_map),
        concurrency=str(settings["DISPATCH_CONCURRENCY"]),
        timeout=f"{float(settings['CRM_TIMEOUT_SECONDS']):g}",
        max_bytes=str(settings["CRM_MAX_BODY_BYTES"]),
        sample=pretty(sample_body(settings, environment.field_map)),
    )
    return Letter("Письмо о согласовании", "Передача итогов звонков в BPMsoft: вопросы перед включением", text)


def invitation(environment: Environment) -> Letter:
    """The word before the test."""
    text = _filled("invitation", environment)
    return Letter("Короткое письмо перед испытаниями", "Приёмочные испытания: передача итогов звонков в BPMsoft", text)


def outcome(
    environment: Environment,
    *,
    date: str,
    summary: str,
    advised: Sequence[Advice],
    untried: Sequence[tuple[str, str]],
    test_leads: int,
) -> Letter:
    """The word after it: what the owner has to do, what was not tried, and what to delete."""
    asked = [each for each in advised if each.sureness is Sureness.ASK]
    ours = [each for each in advised if each.changes and each.sureness is not Sureness.ASK]
    text = _filled(
        "outcome",
        environment,
        date=date,
        summary=summary,
        todo=_advised(asked) or NOTHING,
        ours=_advised(ours) or NOTHING,
        untried=_bullets(f"{what}: {why}" for what, why in untried) or NOTHING,
        leads=leads(test_leads),
    )
    return Letter("Письмо с итогами", "Итоги приёмочных испытаний: передача итогов звонков в BPMsoft", text)


def _advised(advised: Sequence[Advice]) -> str:
    return _bullets(f"{each.setting}: {each.value}. {each.why}" for each in advised)


def _bullets(lines: Iterable[str]) -> str:
    """A letter is plain text: no markup in it."""
    return "\n".join(f"• {line}" for line in lines).replace("`", "")


def field_line(row: Mapping[str, Any]) -> str:
    """A row of the field map in words, its column first."""
    where = " (контакт)" if row.get("section") == "contact_fields" else ""
    return f"{row['name']}{where}: {field_words(row)}"


def field_words(row: Mapping[str, Any]) -> str:
    """What a column holds."""
    source = row.get("source")
    what = f"«{row.get('constant')}»" if source is None else SOURCES.get(str(source), str(source))
    length = row.get("max_length")
    limit = f", до {counted(int(length), 'символа', 'символов', 'символов')}" if length else ""
    return f"{what}{limit}"


def sample_body(settings: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A request as this environment would send it, with invented values."""
    parts: dict[str, list[dict[str, str]]] = {"fields": [], "contact_fields": []}
    for row in rows:
        value = row.get("constant") or SAMPLES.get(str(row.get("source")), "…")
        parts[str(row["section"])].append({"name": str(row["name"]), "value": str(value)})
    landing = str(settings["CRM_LANDING_ID"])
    if settings["CRM_WIRE_FORMAT"] == "letter":
        return {"landingId": landing, "fields": parts["fields"], "contactFields": parts["contact_fields"]}
    if settings["CRM_DEDUPLICATION"] == "lead_id":
        parts["fields"].insert(0, {"name": "Id", "value": "6f2c1c0e-3a55-5d0b-9a37-0d3c1c7a9b11"})
    form = {
        "formId": landing,
        "formFieldsData": parts["fields"],
        "contactFieldsData": parts["contact_fields"],
        "options": {"extendResponseWithExceptionType": True},
    }
    return {"formData": form}


def _filled(name: str, environment: Environment, **more: str) -> str:
    settings = environment.settings
    return _TEMPLATES.get_template(f"{name}.txt").render(
        environment=environment.name,
        url=environment.url,
        landing_id=settings["CRM_LANDING_ID"],
        origin=settings["CRM_TRUSTED_ORIGIN"],
        referer=settings["CRM_REFERER"],
        addresses=addresses(environment),
        **more,
    )
