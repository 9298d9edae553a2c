"""The generated speech is the same for everybody, its truth holds, and one planted regression per gate turns it red."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import phonenumbers
import pytest

import tools.verify.evaluation.speech
from tools.verify.evaluation.contact_case import ContactAnswer
from tools.verify.evaluation.speech.__main__ import main, table
from tools.verify.evaluation.speech.counts import NEVER_WRONG, gates
from tools.verify.evaluation.speech.document import DOCUMENT, written
from tools.verify.evaluation.speech.examination import FULL, SHARES, SHORT, examine, utterances
from tools.verify.evaluation.speech.fill import Utterance
from tools.verify.evaluation.speech.outcome import Outcome, Verdict, outcome
from tools.verify.evaluation.speech.patterns import patterns

FOLDER = Path(tools.verify.evaluation.speech.__file__).parent
STRANGER = "+375290000001"
Spoil = Callable[[Utterance, ContactAnswer], ContactAnswer]


def right(utterance: Utterance) -> ContactAnswer:
    """What a careful manager would write down."""
    found = (min(values, default=None) for values in (utterance.phones, utterance.emails, utterance.names))
    phone, email, name = found
    return ContactAnswer(phone, email, name, ("doubt",) if utterance.pattern.flagged else ())


@cache
def heard() -> tuple[Utterance, ...]:
    """The short examination's utterances."""
    return tuple(utterances(SHORT))


def examined(spoil: Spoil = lambda _utterance, answer: answer) -> list[Outcome]:
    """The short examination of a perfect listener with one fault."""
    return [outcome(one, spoil(one, right(one))) for one in heard()]


def failing(outcomes: list[Outcome]) -> set[str]:
    """The gates that are missed."""
    return {gate.name for gate in gates(outcomes) if not gate.passed}


def in_category(name: str, change: Spoil, *, of: int = 1) -> Spoil:
    """The change in every `of`th utterance of a category."""
    met: list[Utterance] = []

    def spoil(utterance: Utterance, answer: ContactAnswer) -> ContactAnswer:
        if utterance.pattern.category != name:
            return answer
        met.append(utterance)
        return change(utterance, answer) if len(met) % of == 0 else answer

    return spoil


def nothing(_utterance: Utterance, _answer: ContactAnswer) -> ContactAnswer:
    """Nothing is taken, and it is told."""
    return ContactAnswer(None, None, None, ("doubt",))


def once(change: Spoil) -> Spoil:
    """The change in one utterance of all."""
    done: list[Utterance] = []

    def spoil(utterance: Utterance, answer: ContactAnswer) -> ContactAnswer:
        if done or change(utterance, answer) == answer:
            return answer
        done.append(utterance)
        return change(utterance, answer)

    return spoil


def stranger(_utterance: Utterance, answer: ContactAnswer) -> ContactAnswer:
    """Somebody else's number is taken."""
    return replace(answer, phone=STRANGER)


def mute(utterance: Utterance, answer: ContactAnswer) -> ContactAnswer:
    """What was attempted is passed over in silence."""
    return replace(answer, phone=None, email=None, flags=()) if utterance.is_attempted else answer


REGRESSIONS: dict[str, Spoil] = {
    **{f"wrong, {name}": once(in_category(name, stranger)) for name in NEVER_WRONG},
    "wrong, altogether": once(in_category("plain", stranger)),
    "right, plain": in_category("plain", nothing, of=12),
    "right, read_back": in_category("read_back", nothing, of=45),
    "right, corrections": in_category("corrections", nothing, of=2),
    "right, email_usual": in_category("email_usual", nothing, of=14),
    "right, email_number": in_category("email_number", nothing, of=6),
    "missed in silence": once(mute),
}


def test_whoever_understands_everything_passes() -> None:
    assert failing(examined()) == set()


def test_the_rules_take_nothing_wrong_of_a_tenth() -> None:
    assert not [gate for gate in failing(examine(SHORT // 10)) if gate.startswith("wrong")]


@pytest.mark.long
def test_the_rules_pass_and_the_document_tells_their_counts() -> None:
    outcomes = examine(SHORT)
    document = DOCUMENT.read_text(encoding="utf-8")
    assert failing(outcomes) == set()
    assert written(document, outcomes) == document, "run python -m tools.verify.evaluation.speech --document"


def test_every_gate_has_a_planted_regression() -> None:
    assert set(REGRESSIONS) == {gate.name for gate in gates(examined())}


@pytest.mark.parametrize("name", REGRESSIONS)
def test_a_planted_regression_turns_its_gate_red(name: str) -> None:
    assert name in failing(examined(REGRESSIONS[name]))


def test_the_same_seed_gives_the_same_utterances_and_another_one_others() -> None:
    assert list(utterances(200)) == list(utterances(200))
    assert list(utterances(200)) != list(utterances(200, seed=2))


def test_the_examinations_are_as_large_as_they_say() -> None:
    assert sum(SHARES.values()) == 1_000
    assert (len(heard()), FULL) == (SHORT, 20_000)


def test_every_pattern_is_heard_and_each_category_holds_some_back() -> None:
    said = [one.pattern for one in heard()]
    assert [pattern for pattern in patterns() if pattern not in said] == []
    for category in SHARES:
        kinds = {pattern.held_out for pattern in patterns() if pattern.category == category}
        assert kinds == {True, False}, category


def test_every_right_phone_is_a_valid_one_and_no_place_is_left_open() -> None:
    for one in heard():
        for phone in one.phones:
            assert phonenumbers.is_valid_number(phonenumbers.parse(phone)), one
        assert not re.search(r"\{\w", f"{one.case}{one.phones}{one.emails}{one.names}"), one


def test_the_generator_knows_no_rule() -> None:
    imports = [
        line for path in FOLDER.glob("*.py") for line in path.read_text("utf-8").splitlines() if "import" in line
    ]
    assert imports
    assert not [line for line in imports if "functions." in line]


def test_the_networks_number_in_place_of_a_dictated_one_is_a_miss_and_wrong_where_it_was_refused() -> None:
    dictated = next(one for one in heard() if one.pattern.category == "plain" and one.network)
    refused = next(one for one in heard() if not one.pattern.reachable)
    answers = [ContactAnswer(one.network, None, None, ("doubt",)) for one in (dictated, refused)]
    assert outcome(dictated, answers[0]).verdict is Verdict.MISSED
    assert outcome(refused, answers[1]).verdict is Verdict.WRONG


def test_the_table_counts_what_is_held_out_apart() -> None:
    printed = table(examined())
    assert "whose, held out" in printed
    assert "language be" in printed
    assert "altogether" in printed


def test_what_is_held_out_is_never_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--show", "incomplete", "--count", "1000"])
    printed = capsys.readouterr().out
    hidden = [one for one in utterances(1000, category="incomplete") if one.pattern.held_out]
    assert hidden
    assert not [one for one in hidden if one.case.turns[-1]["message"] in printed]
