"""Answers that the schema allows and nobody should believe, of the call's own words: judged, stored, read back.

`python -m tools.verify.evaluation.hostile` (`make hostile`) goes over every labelled call and ends with 1 where a
promise broke.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.analysis.collected import field_names
from functions.analysis.judgement import Judgement
from functions.analysis.model.output import InvalidAnswerError, read_answer
from functions.analysis.model.prompt import references
from functions.analysis.model.schema import LAST_TURN, QUOTED_SIGNALS, SIGNALS, Schema, answer_schema
from functions.analysis.preprocessing import PreparedCall, prepare
from functions.analysis.scoring import GOOD
from functions.analysis.taxonomy import taxonomy
from postcall.aws.items import from_item, to_item
from postcall.domain.analysis import Analysis
from postcall.domain.call import Speaker
from postcall.domain.record import read_analysis, write_analysis
from tools.verify.evaluation.analysts import now, offline
from tools.verify.evaluation.dataset import Row, read_rows
from tools.verify.evaluation.injections import contact_values

SET = Path(__file__).parents[3] / "tests" / "samples" / "evaluation" / "llm-eval.jsonl"
HUGE = (0, -1, -(10**20), 10**38, LAST_TURN)
ODD_TEXTS = ("", " ", "\u0000", "\ud83d", "x" * 3_000, "| IDs: event=1", "[PHONE_9]", "=1+1", "<b>да</b>", "да")
LONG_WORD = 4  # letters of a word that is looked for in what was said
EXAMPLES = 3  # of each broken promise are shown


@dataclass(frozen=True)
class Found:
    """A promise that broke: for which call, and with which answer."""

    promise: str
    row: str
    answer: str


def search(rows: list[Row], answers: int, *, seed: int = 1) -> list[Found]:
    """Judge so many answers, spread over the calls."""
    dice = random.Random(seed)  # noqa: S311 — test data
    schema, judgement = answer_schema(taxonomy()), Judgement(taxonomy(), field_names())
    calls = [(row, prepare(row.call), offline().analyse(row.call, received_at=now())) for row in rows]
    found = []
    for number in range(answers):
        row, prepared, rules = calls[number % len(calls)]
        answer = hostile_answer(schema, prepared, dice) | dice.choice(_GUISES)(prepared, dice)
        text = json.dumps(answer, ensure_ascii=dice.random() < 0.1)  # noqa: PLR2004 — a tenth
        found += [Found(promise, row.id, text) for promise in broken(text, judgement, prepared, rules)]
    return found


def hostile_answer(schema: Schema, prepared: PreparedCall, dice: random.Random) -> Any:  # noqa: ANN401 — any JSON
    """Any value that the schema allows: codes at random, texts of the call's own words, numbers of any size."""
    if "anyOf" in schema:
        return hostile_answer(dice.choice(schema["anyOf"]), prepared, dice)
    if "enum" in schema:
        return dice.choice(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = dice.choice(kinds)
    if kind == "object":
        return {name: hostile_answer(part, prepared, dice) for name, part in schema["properties"].items()}
    if kind == "array":
        count = dice.choice((0, 1, schema["maxItems"]))
        return [hostile_answer(schema["items"], prepared, dice) for _ in range(count)]
    simple: dict[str, Any] = {"boolean": dice.random() < 0.5, "null": None, "integer": _number(dice, prepared)}  # noqa: PLR2004 — a coin
    return simple[kind] if kind in simple else _text(prepared, dice)


def broken(text: str, judgement: Judgement, prepared: PreparedCall, rules: Analysis) -> Iterator[str]:
    """The promises that this answer broke."""
    try:
        answer = read_answer(text, answer_schema(judgement.taxonomy), references(prepared), len(prepared.shown))
    except InvalidAnswerError:
        return
    try:
        analysis = judgement.analysis(answer, prepared)
        stored = read_analysis(from_item(to_item({"analysis": write_analysis(analysis)}))["analysis"])
    except Exception as error:  # noqa: BLE001 — that is what is looked for
        yield f"no crash ({type(error).__name__})"
        return
    if stored != analysis:
        yield "stored and read back"
    yield from _about_contacts(analysis, rules, prepared)
    if not analysis.needs_review and _is_no_lead(prepared) and (analysis.quality_score or 0) > 1:
        yield "no clean verdict against code's own signs"
    if not analysis.needs_review and prepared.is_conversation and not (analysis.summary and analysis.summary_ru):
        yield "no clean verdict without texts"
    if (analysis.quality_score or 0) >= GOOD and all(len(one.quote.split()) == 1 for one in analysis.evidence):
        yield "no good lead on one word"


def _about_contacts(analysis: Analysis, rules: Analysis, prepared: PreparedCall) -> Iterator[str]:
    """What the rules alone choose is the measure: a model adds nobody's number and takes none away without a quote."""
    written, by_rule = _reachable_at(analysis), _reachable_at(rules)
    if not written <= _known_contacts(prepared) | by_rule:
        yield "no contact that nobody gave"
    allowed = {*by_rule, *rules.details.get("other_contacts", {}).get("phones", ())}
    if prepared.caller_id in written - allowed:
        yield "no contact without consent"
    if by_rule and not written and not any(quote.verified for quote in analysis.evidence):
        yield "no contact lost without a quote"


def _reachable_at(analysis: Analysis) -> set[str]:
    return {value for value in contact_values(analysis.contact)[1:] if value is not None}


def _known_contacts(prepared: PreparedCall) -> set[str]:
    call = prepared.call
    values = {one.value for one in (*prepared.phones, *prepared.emails)} | {prepared.caller_id or ""}
    given = (call.contact.phone, call.contact.email)
    collected = {str(value) for value in call.vendor.collected.values()}
    return values | {one.value for one in given if one is not None} | collected


def _is_no_lead(prepared: PreparedCall) -> bool:
    heuristics = prepared.heuristics
    return heuristics.nobody_spoke or heuristics.wrong_number or heuristics.do_not_contact or heuristics.caller_is_minor


def _as_it_is(_prepared: PreparedCall, _dice: random.Random) -> dict[str, Any]:
    return {}


def _silent(_prepared: PreparedCall, _dice: random.Random) -> dict[str, Any]:
    """Says nothing, and contradicts itself in nothing."""
    return _agreeing(1, "nurture", signals=False) | dict.fromkeys(
        ("qualification_comment", "summary", "summary_ru"), ""
    )


def _on_one_word(prepared: PreparedCall, dice: random.Random) -> dict[str, Any]:
    """The best of leads, each signal quoted with one word that the caller said."""
    words = [word for turn in prepared.call.caller_turns for word in turn.text.split() if len(word) >= LONG_WORD]
    quote = dice.choice(words) if words else ""
    evidence = [{"signal": signal, "turn": 0, "quote": quote} for signal in QUOTED_SIGNALS]
    labels = {"topic": "apartment_purchase", "intent": "buy", "evidence": evidence}
    return _agreeing(5, "qualified", signals=True) | labels


def _agreeing(points: int, status: str, *, signals: bool) -> dict[str, Any]:
    flags = dict.fromkeys(("caller_is_minor", "do_not_contact", "instruction_attempt"), False)
    contacts = dict.fromkeys(("full_name", "phone_ref", "email_ref"))
    labels = {"quality_score": points, "lead_status": status, "evidence": [], "contacts": contacts}
    return flags | labels | {"signals": dict.fromkeys(SIGNALS, signals)}


_GUISES = (*[_as_it_is] * 8, _silent, _on_one_word)  # two answers in ten lie in agreement with themselves


def _number(dice: random.Random, prepared: PreparedCall) -> int:
    numbers: tuple[int, ...] = (*HUGE, *range(max(1, len(prepared.shown))))
    return dice.choice(numbers)


def _text(prepared: PreparedCall, dice: random.Random) -> str:
    """A stretch of what somebody said (the robot too), an odd text, or both."""
    said = [turn.text for turn in prepared.shown if turn.speaker is Speaker.CALLER or dice.random() < 0.2]  # noqa: PLR2004 — a fifth
    words = dice.choice(said).split() if said else []
    start = dice.randrange(len(words)) if words else 0
    quote = " ".join(words[start : start + dice.choice((1, 2, 3, 5, 12))])
    return dice.choice((quote, quote, quote, dice.choice(ODD_TEXTS), f"{quote} {dice.choice(ODD_TEXTS)}"))


def main(arguments: list[str]) -> int:
    """Search, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.evaluation.hostile", description=__doc__)
    parser.add_argument("--answers", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set", type=Path, default=SET, help="labelled calls")
    options = parser.parse_args(arguments)
    rows = read_rows(options.set)
    found = search(rows, options.answers, seed=options.seed)
    print(f"{options.answers} answers over {len(rows)} calls, seed {options.seed}: {len(found)} broken promises")
    for promise, count in Counter(one.promise for one in found).most_common():
        print(f"  {count:6}  {promise}")
        for one in [one for one in found if one.promise == promise][:EXAMPLES]:
            print(f"          {one.row}: {one.answer[:300]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
