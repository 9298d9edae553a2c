"""A quote proves what it holds, and a text says what was said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.analysis.figures import numbers_not_said, numbers_said
from functions.analysis.grounding import Grounding
from functions.analysis.model.output import Quote
from functions.analysis.preprocessing import PreparedCall
from functions.analysis.proof import proven, with_evidence
from tests.unit.analysis.builders import given, prepared_call, vendor

LINES = (
    "a: Здравствуйте! Меня зовут Анна, компания «Новый дом».",
    "u: Добрый день, хочу купить двухкомнатную квартиру, бюджет до ста двадцати тысяч.",
    "a: Записать вас на просмотр в субботу?",
    "u: Да, давайте в субботу в одиннадцать, приедем с женой к осени.",
)


def proves(*quotes: tuple[str, int, str], lines: tuple[str, ...] = LINES) -> frozenset[str]:
    shown = prepared_call(*lines).shown
    return proven(with_evidence([Quote(*quote) for quote in quotes], shown), shown)


@pytest.mark.parametrize(
    ("signal", "turn", "quote", "counts"),
    [
        ("need_stated", 1, "хочу купить двухкомнатную квартиру", True),
        ("need_stated", 1, "хочу", False),
        ("need_stated", 1, "хочу купить", False),
        ("budget_stated", 1, "бюджет до ста двадцати тысяч", True),
        ("budget_stated", 1, "хочу купить двухкомнатную квартиру", False),
        ("timeline_stated", 3, "приедем с женой к осени", True),
        ("timeline_stated", 1, "хочу купить двухкомнатную квартиру", False),
        ("next_step_agreed", 3, "Да, давайте в субботу в одиннадцать", True),
        ("next_step_agreed", 1, "хочу купить двухкомнатную квартиру", False),
        ("need_stated", 0, "Меня зовут Анна", False),
        ("do_not_contact", 1, "Добрый день", True),
    ],
)
def test_a_quote_has_three_words_and_holds_what_it_proves(signal: str, turn: int, quote: str, counts: bool) -> None:  # noqa: FBT001 — a row of the table
    assert (signal in proves((signal, turn, quote))) is counts


def test_one_quote_proves_two_signals_at_most() -> None:
    signals = ("need_stated", "budget_stated", "decision_maker", "timeline_stated")
    quote = "Я хочу купить квартиру до ста тысяч этой осенью"
    assert len(proves(*((signal, 0, quote) for signal in signals), lines=(f"u: {quote}",))) == 2


def test_an_agreement_counts_after_an_offer_only() -> None:
    quote = ("next_step_agreed", 1, "да хорошо согласен с вами")
    assert proves(quote, lines=("a: Понятно.", "u: Да, хорошо, согласен с вами.")) == frozenset()
    assert proves(quote, lines=("a: Записать вас на показ?", "u: Да, хорошо, согласен с вами.")) == {"next_step_agreed"}


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("бюджет до ста двадцати тысяч", 120_000),
        ("тысяч до девяноста", 90_000),
        ("да шасцідзесяці тысяч даляраў", 60_000),
        ("one hundred and fifty thousand dollars", 150_000),
        ("eight hundred a month", 800),
        ("полтора миллиона рублей", 1_500_000),
        ("пятнадцатого декабря", 15),
        ("в половине третьего", 30),
        ("после шести", 18),
        ("суббота, четырнадцать тридцать", 30),
        ("двушку хочу", 2),
        ("квартира сорок два", 42),
        ("120 тысяч", 120_000),
        ("шестьсот пятьдесят четыре", 654),
        ("в 2027 году", 2027),
    ],
)
def test_a_number_that_was_said_is_known_in_every_form(said: str, number: int) -> None:
    assert numbers_not_said(str(number), numbers_said([said])) == []


@pytest.mark.parametrize("number", [500_000, 77, 13, 2_030])
def test_a_number_that_was_not_said_is_none(number: int) -> None:
    said = numbers_said(["бюджет до ста двадцати тысяч, заезд осенью"])
    assert numbers_not_said(str(number), said) == [str(number)]


SHARES = [
    ("два с половиной миллиона", ["2,5 млн", "2.5 млн", "2 500 000", "2500 тысяч"]),
    ("полтора миллиона", ["1,5 млн", "1 500 000", "1500 тыс."]),
    ("до полутора миллионов", ["1,5 млн", "1 500 000"]),
    ("полмиллиона", ["500 000", "0,5 млн", "500 тысяч"]),
    ("три с половиной тысячи", ["3500", "3,5 тыс."]),
    ("миллион двести", ["1 200 000", "1,2 млн"]),
    ("пара тысяч", ["2000"]),
    ("четверть миллиона", ["250 000"]),
    ("полсотни метров", ["50 м"]),
    ("дзве з паловай тысячы", ["2500", "2,5 тыс."]),
    ("паўтара мільёна", ["1,5 млн", "1 500 000"]),
    ("two and a half million", ["2.5 million", "2,500,000"]),
    ("a million and a half", ["1.5 million", "1,500,000"]),
    ("one point five million", ["1.5 million", "1,500,000"]),
    ("one point two five million", ["1.25 million", "1,250,000"]),
    ("одна целая две десятых миллиона", ["1,2 млн", "1 200 000"]),
    ("две целых двадцать пять сотых процента", ["2,25 %"]),
    ("1,5 млн", ["1 500 000", "1.5 млн"]),
    ("полтора часа", ["90 минут", "1,5 часа"]),
    ("полтора года", ["18 месяцев"]),
    ("в половине шестого", ["5:30", "17:30", "17.30"]),
    ("без пятнадцати пять", ["4:45", "16:45"]),
    ("без двадцати пяти шесть", ["5:35", "17:35"]),
    ("без четверти пять", ["16:45"]),
    ("quarter to five", ["4:45"]),
    ("half past five", ["5:30"]),
]


@pytest.mark.parametrize(("said", "written"), [(said, one) for said, all_ in SHARES for one in all_])
def test_shares_are_numbers_in_every_form(said: str, written: str) -> None:
    assert numbers_not_said(written, numbers_said([said])) == []


@pytest.mark.parametrize(
    ("said", "written", "missing"),
    [
        ("бюджет два с половиной миллиона", "3,5 млн, или 25 млн", ["3", "5", "25"]),
        ("полтора миллиона", "1,7 млн", ["7"]),
        ("полмиллиона", "5 000 000", ["5000000"]),
        ("в полной мере, к четвергу", "0,5 млн", ["5"]),
        ("двадцать четвертого числа", "20,25", ["25"]),
    ],
)
def test_no_share_makes_another_number_known(said: str, written: str, missing: list[str]) -> None:
    assert numbers_not_said(written, numbers_said([said])) == missing


@pytest.mark.parametrize(
    "said", ["пол" * 2_000, "пол " * 2_000, "без " * 2_000, "point five " * 2_000, "9" * 2_000, "9,99 млн " * 500]
)
def test_no_way_to_speak_makes_the_numbers_grow(said: str) -> None:
    assert len(numbers_said([said])) < len(said)


def test_written_numbers_are_read_with_their_thousands() -> None:
    assert numbers_not_said("120 000 долларов, 14:30, 150,000 и 5", frozenset()) == [
        "120000",
        "14",
        "30",
        "150000",
        "5",
    ]


def test_the_days_after_the_call_and_its_length_may_be_written() -> None:
    said = numbers_said([], at=datetime(2026, 11, 28, tzinfo=UTC), seconds=125)
    assert {28, 29, 5, 11, 12, 2026, 2, 125} <= said
    assert 25 not in said


def grounding(*lines: str, **members: Any) -> Grounding:
    return Grounding(prepared_call(*lines, **members))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Клиент ищет двухкомнатную до 120 000 долларов, показ в субботу в 11:00.", []),
        ("Бюджет 500 000 долларов.", ["500000"]),
        ("Клиент Ковалёв просит перезвонить.", ["Ковалёв"]),
        ("Иван просит перезвонить.", ["Иван"]),
        ("Показ в Гомеле в субботу.", ["Гомеле"]),
        ("Говорил с Анной из «Нового дома».", []),
        ("Номер [PHONE_1] назван. Хочет двушку.", []),
        ("Заезд в марте.", ["март"]),
        ("Переезд to our flat in May 2031.", ["2031", "may"]),
    ],
)
def test_what_is_written_was_said(text: str, missing: list[str]) -> None:
    assert grounding(*LINES).missing_from(text) == missing


def test_the_digits_of_a_phone_are_no_sum_and_no_date() -> None:
    said = grounding(
        "u: Мой телефон плюс триста семьдесят пять двадцать девять сто двадцать три сорок пять шестьдесят семь"
    )
    assert said.missing_from("Бюджет 300 000, показ 29 числа.") == ["300000", "29"]


@pytest.mark.parametrize("said", ["u: Переедем в мае.", "u: У траўні, ці ў маі.", "u: Maybe in May."])
def test_a_month_that_was_said_may_be_written_and_no_other(said: str) -> None:
    assert grounding(said).missing_from("Заезд в мае.") == []
    assert grounding(said).missing_from("Заезд в июне, not in march.") == ["march", "июн"]


def test_names_of_our_own_system_and_in_other_letters_are_known() -> None:
    known = grounding("u: My name is Rahul Mehta.", contact=given(full_name="Соколова Елена"))
    assert known.missing_from("Клиент Рахул Мехта, жена Соколова Елена.") == []
    collected = vendor(collected={"city": "Смоленск"})
    assert grounding("u: Да", vendor=collected).missing_from("Семья из Смоленска.") == []


def test_reading_is_untouched_by_looking() -> None:
    prepared: PreparedCall = prepared_call(*LINES)
    Grounding(prepared).missing_from("Клиент Ковалёв")
    assert prepared == prepared_call(*LINES)
