"""Signs are certain or absent."""

from __future__ import annotations

import pytest

from functions.analysis.heuristics import detect
from tests.unit.analysis.builders import ROWS, call_of


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_children_and_opt_outs_are_noticed_and_nobody_else_is_taken_for_one(row: object) -> None:
    heuristics = detect(row.call)  # type: ignore[attr-defined]  # pytest's ids want an object
    expected = row.expected  # type: ignore[attr-defined]
    assert heuristics.caller_is_minor == expected["is_minor"]
    assert heuristics.do_not_contact == expected["do_not_contact"]


@pytest.mark.parametrize(
    ("lines", "sign"),
    [
        (("a: Алло?",), "no_caller_turn"),
        (("a: Алло?", "u: ..."), "silence"),
        (("u: !!",), "silence"),
        (("u: Please leave a message after the tone.",), "voicemail"),
        (("u: Абанент недаступны, пакіньце паведамленне.",), "voicemail"),
        (("u: Sorry, I have the wrong number.",), "wrong_number"),
        (("u: Памыліўся нумарам.",), "wrong_number"),
        (("u: Please stop calling me.",), "do_not_contact"),
        (("u: Больш не тэлефануйце мне.",), "do_not_contact"),
        (("u: I'm eleven years old.",), "caller_is_minor"),
        (("a: Колькі табе гадоў?", "u: Дванаццаць, мне дванаццаць."), "caller_is_minor"),
        (("u: Я учусь в пятом классе.",), "caller_is_minor"),
        (("u: Мне десять лет, мама на работе.",), "caller_is_minor"),
        (("u: Хватит мне звонить!",), "do_not_contact"),
    ],
)
def test_a_sign_is_seen_in_three_languages(lines: tuple[str, ...], sign: str) -> None:
    assert sign in detect(call_of(*lines)).names()


@pytest.mark.parametrize(
    "line",
    [
        "u: Не звоните мне после шести.",
        "u: Don't call me before nine, I sleep.",
        "u: Опять робот! Дайте живого человека!",
        "u: Мне пятнадцать лет ждать ипотеку не хочется.",
        "u: Мне тридцать пять лет.",
        "u: Моему сыну одиннадцать лет.",
        "u: Мне две квартиры.",
        "u: У меня в пятом классе ребёнок.",
        "u: Мне пятнадцать лет кредит платить.",
        "u: Да.",
    ],
)
def test_ordinary_talk_carries_no_sign(line: str) -> None:
    names = detect(call_of("a: Слушаю.", line)).names()
    assert set(names) <= {"silence"} if line == "u: Да." else names == ()


def test_a_call_without_turns_has_no_transcript_and_is_not_called_silent() -> None:
    assert detect(call_of()).names() == ("no_transcript",)


def test_a_very_short_call_is_marked() -> None:
    assert "very_short" in detect(call_of("u: Алло, это кто?", duration_seconds=3)).names()


@pytest.mark.parametrize(
    "line",
    [
        "u: Номер вам не дам.",
        "u: Телефон оставлять не буду.",
        "u: Оставлять телефон я не хочу.",
        "u: Не собираюсь оставлять номер.",
        "u: Тэлефон пакідаць не буду.",
        "u: I don't want to leave my number.",
    ],
)
def test_whoever_leaves_no_number_does_not_want_the_networks_used(line: str) -> None:
    assert detect(call_of("a: Слушаю.", line)).hides_caller_id


@pytest.mark.parametrize("line", ["u: Квартиру оставлять не буду, продаю.", "u: Номер договора называть не надо?"])
def test_words_about_something_else_refuse_no_contact(line: str) -> None:
    assert not detect(call_of("a: Слушаю.", line)).hides_caller_id
