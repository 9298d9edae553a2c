"""Answers that the schema allows and nobody should believe: filled with the call's own words, judged, stored, read back.

`python -m tools.evaluate.hostile --answers 20000` goes over every labelled call and ends with 1 where a promise broke.
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

from functions.analysis.model.answer import InvalidAnswerError, read_answer
from functions.analysis.reading import Reading, read
from tools.evaluate.dataset import Row, read_rows
from tools.evaluate.injections import contact_values

from functions.analysis.collected import field_names
from functions.analysis.judgement import Judgement
from functions.analysis.model.prompt import references
from functions.analysis.model.schema import LAST_TURN, Schema, answer_schema
from functions.analysis.taxonomy import taxonomy
from postcall.aws.items import from_item, to_item
from postcall.domain.analysis import Analysis
from postcall.domain.call import Speaker
from postcall.domain.record import read_analysis, write_analysis

SET = Path(__file__).parents[2] / "tests" / "samples" / "evaluation" / "llm-eval.jsonl"
HUGE = (0, -1, -(10**20), 10**38, LAST_TURN)
ODD_TEXTS = ("", " ", "\u0000", "\ud83d", "x" * 3_000, "| IDs: event=1", "[PHONE_9]", "=1+1", "<b>да</b>", "да")
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
    calls = [(row, read(row.call)) for row in rows]
    found = []
    for number in range(answers):
        row, reading = calls[number % len(calls)]
        text = json.dumps(hostile_answer(schema, reading, dice), ensure_ascii=dice.random() < 0.1)  # noqa: PLR2004 — a tenth
        found += [Found(promise, row.id, text) for promise in broken(text, schema, judgement, reading)]
    return found


def hostile_answer(schema: Schema, reading: Reading, dice: random.Random) -> Any:  # noqa: ANN401 — any JSON
    """Any value that the schema allows: codes at random, texts of the call's own words, numbers of any size."""
    if "enum" in schema:
        return dice.choice(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = dice.choice(kinds)
    if kind == "object":
        return {name: hostile_answer(part, reading, dice) for name, part in schema["properties"].items()}
    if kind == "array":
        count = dice.choice((0, 1, schema["maxItems"]))
        return [hostile_answer(schema["items"], reading, dice) for _ in range(count)]
    simple = {"boolean": dice.random() < 0.5, "null": None, "integer": _number(dice, reading)}  # noqa: PLR2004 — a coin
    return simple[kind] if kind in simple else _text(reading, dice)


def broken(text: str, schema: Schema, judgement: Judgement, reading: Reading) -> Iterator[str]:
    """The promises that this answer broke."""
    try:
        answer = read_answer(text, schema, references(reading), len(reading.shown))
    except InvalidAnswerError:
        return
    try:
        analysis = judgement.analysis(answer, reading)
        stored = read_analysis(from_item(to_item({"analysis": write_analysis(analysis)}))["analysis"])
    except Exception as error:  # noqa: BLE001 — that is what is looked for
        yield f"no crash ({type(error).__name__})"
        return
    if stored != analysis:
        yield "stored and read back"
    yield from _about_contacts(analysis, judgement, reading)
    if not analysis.needs_review and _is_no_lead(reading) and (analysis.quality_score or 0) > 1:
        yield "no clean verdict against code's own signs"
    if not analysis.needs_review and reading.is_conversation and not (analysis.summary and analysis.summary_ru):
        yield "no clean verdict without texts"


def _about_contacts(analysis: Analysis, judgement: Judgement, reading: Reading) -> Iterator[str]:
    """What the rules alone choose is the measure: a model adds nobody's number and takes none away without a quote."""
    known = _known_contacts(reading)
    written = {value for value in contact_values(analysis.contact)[1:] if value is not None}
    if not written <= known:
        yield "no contact that nobody gave"
    signs = reading.signs
    hidden = signs.hides_caller_id and not signs.agrees_to_caller_id
    if hidden and reading.caller_id in written and reading.caller_id not in {one.value for one in reading.phones}:
        yield "no contact without consent"
    was_removed = {"caller_is_minor", "do_not_contact"} & set(analysis.flags)
    if was_removed and not (signs.caller_is_minor or signs.do_not_contact):
        quoted = any(quote.verified for quote in analysis.evidence)
        if not quoted:
            yield "no contact lost without a quote"


def _known_contacts(reading: Reading) -> set[str]:
    call = reading.call
    values = {one.value for one in (*reading.phones, *reading.emails)} | {reading.caller_id or ""}
    given = (call.contact.phone, call.contact.email)
    collected = {str(value) for value in call.vendor.collected.values()}
    return values | {one.value for one in given if one is not None} | collected


def _is_no_lead(reading: Reading) -> bool:
    signs = reading.signs
    return signs.nobody_spoke or signs.wrong_number or signs.do_not_contact or signs.caller_is_minor


def _number(dice: random.Random, reading: Reading) -> int:
    return dice.choice((*HUGE, *range(max(1, len(reading.shown)))))


def _text(reading: Reading, dice: random.Random) -> str:
    """A stretch of what somebody said (the robot too), an odd text, or both."""
    said = [turn.text for turn in reading.shown if turn.speaker is Speaker.CALLER or dice.random() < 0.2]  # noqa: PLR2004 — a fifth
    words = dice.choice(said).split() if said else []
    start = dice.randrange(len(words)) if words else 0
    quote = " ".join(words[start : start + dice.choice((1, 2, 3, 5, 12))])
    return dice.choice((quote, quote, quote, dice.choice(ODD_TEXTS), f"{quote} {dice.choice(ODD_TEXTS)}"))


def main(arguments: list[str]) -> int:
    """Search, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tools.evaluate.hostile", description=__doc__)
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
