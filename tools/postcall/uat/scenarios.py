"""Scenarios A to E: each brings a call of its own through the whole pipeline and judges what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from postcall.domain.json_object import JsonObject
from tools.postcall.errors import CliError, Refused
from tools.postcall.pages import outside
from tools.postcall.uat import calls
from tools.postcall.uat.bench import (
    Bench,
    Stalled,
    analyst,
    asked,
    attempted,
    filled_columns,
    heard,
    last_attempt,
    unfilled_columns,
)
from tools.postcall.uat.result import RULES_ALONE, Exchange, Heard, Result, Seen, Verdict
from tools.postcall.uat.wording import NOT_LOOKED, accepted_words, columns, leads, refusal_words

SUCCESS_STATUSES = (200, 201)


def scenario_a(bench: Bench, url: str) -> Result:
    """A dry run: everything but the sending."""
    event_id = calls.event_id(bench.run, "A")
    first, detail = _brought(bench, "A")
    attempt = last_attempt(detail)
    exchanges = (first, attempted("Что было бы отправлено", attempt, url=url))
    is_dry = attempt.get("status") == "dry_run" and attempt.get("http_status") is None
    if detail["event"]["status"] != "dry_run" or not is_dry:
        sentence = f"Ожидался статус `dry_run`, звонок в статусе `{detail['event']['status']}`."
        return Result("A", Verdict.FAILED, sentence, event_id, exchanges=exchanges)
    seen = bench.inspector.look(event_id)
    if seen.count:
        sentence = f"Запрос записан как dry-run, но в CRM {leads(seen.count)} этого звонка."
        return Result("A", Verdict.FAILED, sentence, event_id, seen=seen, exchanges=exchanges, lead_made=True)
    looked = "в CRM его нет" if seen.count == 0 else "отправки не было"
    sentence = f"Звонок сохранён и проанализирован, запрос записан со статусом `dry_run`, {looked}."
    return Result("A", Verdict.PASSED, sentence, event_id, seen=seen, exchanges=exchanges)


def scenario_b(bench: Bench, url: str) -> Result:
    """The real thing."""
    event_id = calls.event_id(bench.run, "B")
    first, detail = _brought(bench, "B")
    attempt = last_attempt(detail)
    exchanges, said = (first, attempted("Отправка в CRM", attempt, url=url)), heard(attempt)
    if not said.accepted:
        made = said.outcome in {"partial", "unknown"}
        seen = bench.inspector.look(event_id) if made else Seen()
        sentence = refusal_words(said, str(detail["event"]["status"]))
        return Result("B", Verdict.FAILED, sentence, event_id, None, (said,), seen, exchanges, lead_made=made)
    seen = bench.inspector.look(event_id, columns=filled_columns(attempt))
    unfilled = unfilled_columns(attempt)
    verdict, sentence = _judged_b(said, seen, unfilled, by=analyst(detail))
    return Result("B", verdict, sentence, event_id, None, (said,), seen, exchanges, lead_made=True, unfilled=unfilled)


def _judged_b(said: Heard, seen: Seen, unfilled: tuple[str, ...], *, by: str) -> tuple[Verdict, str]:
    if said.http_status not in SUCCESS_STATUSES:
        return Verdict.FAILED, f"CRM ответила HTTP {said.http_status}, ожидалось 200 или 201."
    if seen.count is None:
        return Verdict.UNCONFIRMED, f"{accepted_words(said)} {NOT_LOOKED}"
    if seen.count != 1:
        return Verdict.FAILED, f"{accepted_words(said)} В CRM при этом {leads(seen.count)}, ожидался один."
    if seen.empty:
        return Verdict.FAILED, f"{accepted_words(said)} Лид в CRM один, но без значений полей: {columns(seen.empty)}."
    if unfilled:
        why = " Языковая модель не участвовала." if by == RULES_ALONE else ""
        return Verdict.NOTED, f"{accepted_words(said)} В CRM один лид; ушли без значения: {columns(unfilled)}.{why}"
    fields = "поля заполнены" if seen.empty is not None else "заполнение полей не проверялось"
    return Verdict.PASSED, f"{accepted_words(said)} В CRM один лид, {fields}."


def scenario_c(bench: Bench, url: str) -> Result:
    """An e-mail and no phone."""
    return _with_less_contact(bench, url, "C", phone=False)


def scenario_c2(bench: Bench, url: str) -> Result:
    """No contact at all."""
    return _with_less_contact(bench, url, "C2", phone=False, email=False, name=False)


def _with_less_contact(bench: Bench, url: str, key: str, **contact: bool) -> Result:
    event_id = calls.event_id(bench.run, key)
    first, detail = _brought(bench, key, **contact)
    attempt = last_attempt(detail)
    exchanges, said = (first, attempted("Отправка в CRM", attempt, url=url)), heard(attempt)
    if said.http_status is None and said.outcome == "rejected_data":
        sentence = (
            "Лид без нужного контакта не отправлялся: проверка на нашей стороне (`CRM_REQUIRE_CONTACT`) сработала."
        )
        return Result(key, Verdict.PASSED, sentence, event_id, None, (said,), exchanges=exchanges)
    if not said.accepted:
        sentence = refusal_words(said, str(detail["event"]["status"]))
        blamed = Verdict.FAILED if said.outcome in {"rejected_contract", "rejected_configuration"} else Verdict.NOTED
        return Result(
            key, blamed, sentence, event_id, None, (said,), exchanges=exchanges, lead_made=said.outcome == "unknown"
        )
    seen = bench.inspector.look(event_id)
    found = {
        None: (Verdict.UNCONFIRMED, f"{accepted_words(said)} {NOT_LOOKED}"),
        1: (Verdict.PASSED, f"{accepted_words(said)} В CRM один лид."),
    }
    other = (Verdict.FAILED, f"{accepted_words(said)} В CRM при этом {leads(seen.count or 0)}.")
    verdict, sentence = found.get(seen.count, other)
    return Result(key, verdict, sentence, event_id, None, (said,), seen, exchanges, lead_made=True)


def scenario_d(bench: Bench, url: str) -> Result:
    """The call of B again, unchanged and changed."""
    del url
    event_id, body = calls.event_id(bench.run, "B"), calls.call(bench.run, "B")
    before = len(bench.context.api.event(event_id)["dispatches"])
    exchanges, answers = [], []
    for title, again in (("Повтор тем же телом", body), ("Повтор с изменённым телом", calls.changed(body))):
        answer = bench.context.api.analyze(again)
        answers.append(str(answer.get("status")))
        exchanges.append(asked(title, "POST /api/analyze", {"event_id": event_id, "…": "как в B"}, answer))
    after = len(bench.stays_quiet(event_id, attempts=before)["dispatches"])
    if after != before or answers != ["duplicate", "duplicate"]:
        sentence = f"Ответы на повтор: {', '.join(answers)}; попыток отправки было {before}, стало {after}."
        return Result("D", Verdict.FAILED, sentence, event_id, exchanges=tuple(exchanges))
    sentence = f"Оба повтора приняты как дубликаты, новых попыток отправки нет ({before})."
    seen = bench.inspector.look(event_id)
    if seen.count is not None and seen.count > 1:
        sentence = f"{sentence} В CRM при этом {leads(seen.count)}."
        return Result("D", Verdict.FAILED, sentence, event_id, seen=seen, exchanges=tuple(exchanges))
    shown = "" if seen.count is None else f" В CRM {leads(seen.count)}."
    return Result("D", Verdict.PASSED, sentence + shown, event_id, seen=seen, exchanges=tuple(exchanges))


def scenario_e(bench: Bench, url: str) -> Result:
    """The call of B by force."""
    event_id, api = calls.event_id(bench.run, "B"), bench.context.api
    detail = api.event(event_id)
    before, delivered = len(detail["dispatches"]), detail["event"]["status"] == "delivered"
    exchanges: list[Exchange] = []
    request = f"POST /api/events/{event_id}/resend-crm"
    if delivered:
        refused, answer = _refused_without_force(bench, event_id)
        exchanges.append(asked("Без force", request, None, answer))
        if not refused:
            sentence = "Доставленный лид был поставлен на отправку без `force`."
            return Result("E", Verdict.FAILED, sentence, event_id, exchanges=tuple(exchanges), lead_made=True)
    exchanges.append(asked("С force", f"{request}?force=true", None, api.resend(event_id, force=True)))
    attempt = last_attempt(bench.rests(event_id, attempts=before + 1))
    if attempt.get("attempt") != before + 1 or not attempt.get("forced"):
        sentence = "Принудительная отправка заказана, но записанной попытки нет."
        return Result("E", Verdict.FAILED, sentence, event_id, exchanges=tuple(exchanges))
    exchanges.append(attempted("Повторная отправка в CRM", attempt, url=url))
    said, seen = heard(attempt), bench.inspector.look(event_id)
    sentence = f"Попытка {before + 1} записана как принудительная. {_reaction(said, seen)}"
    return Result(
        "E", Verdict.PASSED, sentence, event_id, None, (said,), seen, tuple(exchanges), lead_made=said.accepted
    )


def scenario_f(bench: Bench, url: str) -> Result:
    """A refusal: the environment names a landing that the CRM does not know, or there is none to be seen."""
    event_id = calls.event_id(bench.run, "F")
    first, detail = _brought(bench, "F")
    attempt = last_attempt(detail)
    exchanges, said = (first, attempted("Отказ CRM", attempt, url=url)), heard(attempt)
    if said.accepted:
        sentence = "CRM приняла лид, отказа не было: в настройке стоит лендинг, который она знает."
        return Result("F", Verdict.UNCONFIRMED, sentence, event_id, None, (said,), exchanges=exchanges, lead_made=True)
    standing = str(detail["event"]["status"])
    if not (said.refused and said.http_status and said.answer):
        sentence = f"Записанного отказа с ответом CRM нет. {refusal_words(said, standing)}"
        return Result("F", Verdict.FAILED, sentence, event_id, None, (said,), exchanges=exchanges)
    sentence = f"Отказ записан вместе с ответом CRM. {refusal_words(said, standing)}"
    return Result("F", Verdict.PASSED, sentence, event_id, None, (said,), exchanges=exchanges)


def _after_refusal(bench: Bench, url: str, refused: Result) -> Result:
    """The refused call again, once the setting is right: it was not lost."""
    event_id = str(refused.event_id)
    before = len(bench.context.api.event(event_id)["dispatches"])
    ordered = bench.context.api.resend(event_id, force=False)
    attempt = last_attempt(bench.rests(event_id, attempts=before + 1))
    said, seen = heard(attempt), bench.inspector.look(event_id)
    exchanges = (
        *refused.exchanges,
        asked("Повтор после исправления настройки", f"POST /api/events/{event_id}/resend-crm", None, ordered),
        attempted("Отправка после исправления", attempt, url=url),
    )
    sentence = f"{refused.sentence} После исправления настройки: "
    sentence += accepted_words(said) if said.accepted else refusal_words(said, "")
    verdict = Verdict.PASSED if said.accepted and seen.count in {None, 1} else Verdict.FAILED
    return replace(
        refused,
        verdict=verdict,
        sentence=sentence,
        heard=(*refused.heard, said),
        seen=seen,
        exchanges=exchanges,
        lead_made=said.accepted,
    )


def _refused_without_force(bench: Bench, event_id: str) -> tuple[bool, JsonObject]:
    try:
        return False, bench.context.api.resend(event_id, force=False)
    except Refused as refused:
        return True, refused.members or {"detail": str(refused)}


def _reaction(said: Heard, seen: Seen) -> str:
    if not said.accepted:
        return f"Ответ CRM на повтор: {refusal_words(said, '')}"
    shown = {
        None: NOT_LOOKED,
        1: "В CRM по-прежнему один лид: повтор не создаёт второго.",
        0: "Лида в CRM не видно.",
    }.get(seen.count, f"В CRM теперь {leads(seen.count or 0)}: CRM принимает повтор за новый лид.")
    return f"CRM приняла повтор. {shown}"


def _brought(bench: Bench, key: str, **contact: bool) -> tuple[Exchange, JsonObject]:
    """Bring a scenario's call and wait until it rests."""
    body = calls.call(bench.run, key, **contact)
    answer = bench.context.api.analyze(body)
    detail = bench.rests(body["event_id"], attempts=1)
    return asked("Звонок подан", "POST /api/analyze", body, answer), detail


RUNS: dict[str, Callable[[Bench, str], Result]] = {
    "A": scenario_a,
    "B": scenario_b,
    "C": scenario_c,
    "C2": scenario_c2,
    "D": scenario_d,
    "E": scenario_e,
    "F": scenario_f,
}


def run_scenario(key: str, bench: Bench, url: str) -> Result:
    """Run one; an environment that fails meanwhile is a failed scenario.

    Raises:
        Stalled: The end of the run.
    """

    def scenario() -> Result:
        result = RUNS[key](bench, url)
        return replace(result, analyst=analyst(bench.context.api.event(str(result.event_id))))

    return _or_failed(key, scenario)


def resend_refused(bench: Bench, url: str, refused: Result) -> Result:
    """The second half of F, run once the setting is right again.

    Raises:
        Stalled: The call has not come to its end in time.
    """
    return _or_failed("F", lambda: _after_refusal(bench, url, refused))


def _or_failed(key: str, make: Callable[[], Result]) -> Result:
    try:
        return make()
    except Stalled:
        raise
    except CliError as error:
        return Result(key, Verdict.FAILED, f"Среда не ответила как должно: {outside(str(error))}")
