"""The probes: fixed requests that the environment's dispatch function sends to the CRM from its own static IP."""

from __future__ import annotations

import json

from postcall.domain.json_object import JsonObject
from tools.postcall.dispatch_commands import Dispatch
from tools.postcall.errors import CliError
from tools.postcall.pages import outside
from tools.postcall.uat.bench import SHOWN, Bench, pretty
from tools.postcall.uat.result import Exchange, Heard, Result, Seen, Verdict
from tools.postcall.uat.wording import leads, outcome_words, refusal_words

TWICE = frozenset({"same_id"})
# What the stock server answers; whatever else comes back is a finding, not a failure.
STOCK: dict[str, frozenset[str]] = {
    "letter_body": frozenset({"rejected_contract"}),
    "origin_only": frozenset({"rejected_configuration"}),
    "referer": frozenset({"delivered", "delivered_with_warning"}),
    "same_id": frozenset({"delivered", "delivered_with_warning"}),
    "bad_integer": frozenset({"partial"}),
    "contact_fields": frozenset({"accepted_unconfirmed"}),
    "without_contact": frozenset({"delivered", "rejected_contract", "unknown"}),
    "large_comment": frozenset({"rejected_data", "delivered"}),
    "not_json": frozenset({"rejected_contract"}),
}
# Where only a look tells whether there is one lead.
LOOKED_AT = frozenset({"same_id", "bad_integer", "contact_fields"})
LEAD_MAYBE = frozenset({"partial", "unknown"})


def run_probe(key: str, bench: Bench, dispatch: Dispatch) -> Result:
    """Ask once, or twice where the repeat is the question; a probe that cannot be made is a failed one."""
    try:
        sentence = [dispatch.probe(key, bench.run) for _ in range(2 if key in TWICE else 1)]
    except CliError as error:
        return Result(key, Verdict.FAILED, f"Проба не выполнена: {outside(str(error))}")
    said = tuple(_heard(answer) for answer in sentence)
    exchanges = tuple(
        _exchange(answer, number if len(sentence) > 1 else None) for number, answer in enumerate(sentence, start=1)
    )
    if key == "reach":
        return _reached(sentence[0], said, exchanges)
    made = any(each.accepted or each.outcome in LEAD_MAYBE for each in said)
    event_id, lead_id = str(sentence[0]["event_id"]), sentence[0].get("lead_id")
    seen = bench.inspector.look(event_id, lead_id=lead_id) if made and key in LOOKED_AT else Seen()
    verdict, text = judged(key, said, seen)
    return Result(key, verdict, text, event_id, lead_id, said, seen, exchanges, lead_made=made)


def judged(key: str, said: tuple[Heard, ...], seen: Seen) -> tuple[Verdict, str]:
    """Whether the CRM does it as the stock server, and in which words."""
    text = " ".join(
        f"Запрос {number}: {_sentence(each)}" if len(said) > 1 else _sentence(each)
        for number, each in enumerate(said, start=1)
    )
    if not all(each.outcome in STOCK[key] for each in said):
        return Verdict.NOTED, text
    if key not in LOOKED_AT:
        return Verdict.PASSED, text
    if seen.count is None:
        return Verdict.UNCONFIRMED, f"{text} Лид в CRM никто не смотрел."
    text = f"{text} В CRM {leads(seen.count)}."
    return (Verdict.PASSED if seen.count == 1 else Verdict.NOTED), text


def _sentence(said: Heard) -> str:
    if said.accepted:
        return f"HTTP {said.http_status}: {outcome_words(said.outcome)}."
    return refusal_words(said, "").strip()


def _reached(answer: JsonObject, said: tuple[Heard, ...], exchanges: tuple[Exchange, ...]) -> Result:
    if answer["transport"] == "answered":
        sentence = f"Сервер ответил HTTP {answer['http_status']} за {answer['duration_ms']} мс."
        return Result("reach", Verdict.PASSED, sentence, heard=said, exchanges=exchanges)
    reasons = {
        "certificate_refused": "сертификат сервера не вызывает доверия",
        "not_sent": "соединение не установлено",
    }
    reason = reasons.get(answer["transport"], "ответа не было")
    sentence = f"Сервер недоступен с адреса среды: {reason} ({outside(str(answer['error']))})."
    return Result("reach", Verdict.FAILED, sentence, heard=said, exchanges=exchanges)


def _heard(answer: JsonObject) -> Heard:
    return Heard(
        outcome=answer.get("outcome"),
        http_status=answer.get("http_status"),
        detail=str(answer.get("detail") or answer.get("error") or ""),
        answer=str(answer.get("answer") or "")[:SHOWN],
        duration_ms=answer.get("duration_ms"),
    )


def _exchange(answer: JsonObject, number: int | None) -> Exchange:
    request = answer["request"]
    head = "\n".join(f"{name}: {value}" for name, value in request["headers"].items())
    body = _body(str(request["body"]), int(request["body_bytes"]))
    sent = f"{request['method']} {request['url']}\n{head}" + (f"\n\n{body}" if body else "")
    status = answer.get("http_status")
    received = f"HTTP {status}\n{answer.get('answer') or ''}" if status else f"ответа нет: {answer.get('error')}"
    took = answer.get("duration_ms")
    received = received.strip() + (f"\n{took} мс" if took is not None else "")
    return Exchange("Запрос" if number is None else f"Запрос {number}", sent, received)


def _body(text: str, size: int) -> str:
    """The body as it was sent; one that was too long to be shown whole says so."""
    try:
        return pretty(json.loads(text))
    except ValueError:
        return f"{text[:400]}…\n(всего {size} байт)" if text else ""
