"""Number words become digits as speakers mean them."""

from __future__ import annotations

import pytest

from functions.analysis.contacts.phones import normalised
from functions.analysis.contacts.spoken_numbers import spoken_numbers
from functions.analysis.preprocessing import prepare
from postcall.domain.call import Call, Speaker, Turn
from tools.verify.evaluation.examine import heard
from tools.verify.evaluation.spoken_cases import SpokenCase, spoken_cases


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("плюс триста семьдесят пять двадцать девять сто двадцать три сорок пять шестьдесят семь", "375291234567"),
        ("восемь ноль двадцать девять три пятёрки два нуля семь семь", "80295550077"),
        ("плюс тры семсят пяць, дваццаць дзевяць, пяцьсот пяцьдзясят, адзінаццаць, дваццаць два", "375295501122"),
        ("plus four eight, five oh one, double two three, triple five", "48501223555"),
        ("two nine one, twenty-three, forty five, sixty seven", "291234567"),
        ("8 (029) 123-45-67", "80291234567"),
        ("восемь ноль двадцать девять, э, сто двадцать три, ну, сорок пять шестьдесят семь", "80291234567"),
        ("five hundred and one two three four five six seven", "501234567"),
    ],
)
def test_words_and_digits_become_one_number(text: str, digits: str) -> None:
    assert spoken_numbers(text)[0].digits == digits


def test_a_comma_keeps_tens_and_units_apart() -> None:
    assert spoken_numbers("двадцать, девять")[0].digits == "209"
    assert spoken_numbers("двадцать девять")[0].digits == "29"


def test_a_plus_begins_another_number() -> None:
    found = spoken_numbers("квартира сорок два плюс семь девятьсот двенадцать")
    assert [number.digits for number in found] == ["42", "7912"]
    assert found[1].plus


def test_a_sum_is_an_amount_and_not_a_number_to_call() -> None:
    found = spoken_numbers("бюджет 80291234567 рублей")
    assert found[0].is_amount


def test_other_words_end_a_number() -> None:
    assert [number.digits for number in spoken_numbers("два сына и три дочери")] == ["2", "3"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("80291234567", "+375291234567"),
        ("8 (029) 123-45-67", "+375291234567"),
        ("8 017 200 11 22", "+375172001122"),
        ("89123456789", "+79123456789"),
        ("8 800 555 35 35", "+78005553535"),
        ("+80291234567", "+375291234567"),
        ("00375291234567", "+375291234567"),
        ("810375291234567", "+375291234567"),
        ("375291234567", "+375291234567"),
        ("79123456789", "+79123456789"),
        ("9123456789", "+79123456789"),
        ("291234567", "+375291234567"),
        ("0291234567", "+375291234567"),
        ("+48 501 234 567", "+48501234567"),
        ("+375 29 123-45-67 доб. 12", "+375291234567"),
        ("+375 29 000 00 00", None),
        ("+375290000001", None),
        ("123456789", None),
        ("48501234567", None),
        ("позвоните мне", None),
        ("", None),
    ],
)
def test_a_written_number_is_made_international_or_refused(text: str, number: str | None) -> None:
    assert normalised(text) == number


def test_the_order_of_countries_is_a_setting() -> None:
    assert normalised("501 234 567", ("PL",)) == "+48501234567"
    assert normalised("501 234 567") is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_generated_spoken_numbers_none_is_heard_wrong(seed: int) -> None:
    found = [heard(case) for case in spoken_cases(250, seed=seed)]
    assert [one for one in found if one.heard not in {None, one.number}] == []
    whole = [one for one in found if one.number is not None]
    assert len(whole) > 200
    assert sum(one.heard == one.number for one in whole) / len(whole) >= 0.95


def test_half_a_number_is_no_number() -> None:
    assert heard(SpokenCase("Восемь ноль двадцать девять... сто... двадцать... !!", None)).heard is None


def test_a_number_in_two_turns_is_heard_when_each_half_is_none() -> None:
    turns = (
        Turn(Speaker.CALLER, "Плюс триста семьдесят пять двадцать девять"),
        Turn(Speaker.AGENT, "Так."),
        Turn(Speaker.CALLER, "сто двадцать три сорок пять шестьдесят семь"),
        Turn(Speaker.AGENT, "Плюс 375 29 123 45 67, верно?"),
        Turn(Speaker.CALLER, "Да, верно."),
    )
    phones = prepare(Call("conv", turns=turns)).phones
    assert [(phone.value, phone.verified) for phone in phones] == [("+375291234567", True)]
