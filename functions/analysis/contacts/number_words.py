"""Number words of Russian, Belarusian and English as speech recognition writes them, colloquial forms included.

Every word is in its folded form (`fold`): lower case, ё as е, Belarusian ў and і kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache


class Rank(IntEnum):
    """What a word is worth in a compound: a smaller rank may follow a larger one and merges with it."""

    UNIT = 1
    TEEN = 2  # 10 to 19: nothing follows it inside one compound
    TENS = 3
    HUNDREDS = 4


@dataclass(frozen=True)
class NumberWord:
    """A word for a number: «сорок» is 40 among the tens."""

    value: int
    rank: Rank


_UNITS = {
    0: "ноль нуль нолик ноля zero",
    1: "один одна одно единица единичка адзін адна адно one",
    2: "два две двойка двоечка дзве two",
    3: "три тройка троечка тры three",
    4: "четыре четверка четверочка чатыры four",
    5: "пять пятерка пятерочка пяць five",
    6: "шесть шестерка шестерочка шэсць six",
    7: "семь сем семерка семерочка seven",
    8: "восемь восем восьмерка восьмерочка eight",
    9: "девять девятка девяточка дзевяць nine",
}
_TEENS = {
    10: "десять дзесяць ten",
    11: "одиннадцать одинадцать одиннацать адзінаццаць eleven",
    12: "двенадцать двенацать дванаццаць twelve",
    13: "тринадцать тринацать трынаццаць thirteen",
    14: "четырнадцать четырнацать чатырнаццаць fourteen",
    15: "пятнадцать пятнацать пятнаццаць fifteen",
    16: "шестнадцать шестнацать шаснаццаць sixteen",
    17: "семнадцать семнацать семнаццаць сямнаццаць seventeen",
    18: "восемнадцать восемнацать васемнаццаць васямнаццаць eighteen",
    19: "девятнадцать девятнацать дзевятнаццаць nineteen",
}
_TENS = {
    20: "двадцать двацать дваццаць twenty",
    30: "тридцать трицать трыццаць thirty",
    40: "сорок сорак forty fourty",
    50: "пятьдесят пядесят писят пийсят пяцьдзясят пяцьдзесят fifty",
    60: "шестьдесят шесдесят шисят шийсят шэсцьдзясят шэсцьдзесят sixty",
    70: "семьдесят семдесят семсят семьсят семдзесят сямдзесят seventy",
    80: "восемьдесят восемдесят восемсят восемьсят восемдзесят васемдзесят eighty",
    90: "девяносто девяноста дзевяноста ninety",
}
_HUNDREDS = {
    100: "сто",
    200: "двести дзвесце",
    300: "триста трыста",
    400: "четыреста чатырыста",
    500: "пятьсот пяцьсот",
    600: "шестьсот шесьсот шэсцьсот",
    700: "семьсот семсот сямсот",
    800: "восемьсот восемсот васемсот",
    900: "девятьсот дзевяцьсот",
}
# «три пятёрки», «два нуля», "two zeros": the count stands before, the digit is the noun.
_PLURALS = {
    0: "нуля нулей нолика ноликов нулі нулёў zeros zeroes",
    1: "единицы единиц единички единичек адзінкі адзінак ones",
    2: "двойки двоек двоечки двоечек twos",
    3: "тройки троек троечки троечек threes",
    4: "четверки четверок чацвёркі чацверкі fours",
    5: "пятерки пятерок пяцёркі пяцеркі fives",
    6: "шестерки шестерок шасцёркі шасцеркі sixes",
    7: "семерки семерок сямёркі сямеркі sevens",
    8: "восьмерки восьмерок васьмёркі васьмеркі eights",
    9: "девятки девяток дзявяткі nines",
}
PLUS = frozenset({"плюс", "плюсик", "plus"})
TIMES = {"double": 2, "triple": 3, "дважды": 2, "трижды": 3, "двойной": 2, "тройной": 3}
HUNDRED_AFTER = frozenset({"hundred"})  # "five hundred": five, then the word that multiplies it
OH = frozenset({"oh", "o"})  # a zero, but only among other digits

# Words that may stand inside a dictated number without ending it.
FILLERS = frozenset(
    {
        "э",
        "ээ",
        "эээ",
        "эм",
        "мм",
        "м",
        "ну",
        "так",
        "значит",
        "потом",
        "дальше",
        "далее",
        "затем",
        "и",
        "код",
        "пока",
        "ага",
        "угу",
    }
    | {"uh", "um", "er", "erm", "then", "and", "again", "потым", "далей", "ну-у"},
)
# Words after which a number was an amount, not a way to reach anybody.
_SHORT = 2  # letters: «км» must match whole
_MEASURES = """
тысяч тысячи тысяча тыс тыщ тыщи миллион млн миллиард рубл руб доллар бакс евро метр квадрат лет год процент км кв этаж
комнат тысячаў далараў рублёў thousand million dollar euro rouble ruble percent usd eur year meter square byn
"""


def fold(word: str) -> str:
    """A word as the tables below know it."""
    return word.casefold().replace("ё", "е")


@cache
def number_words() -> dict[str, NumberWord]:
    """All number words."""
    tables = ((_UNITS, Rank.UNIT), (_TEENS, Rank.TEEN), (_TENS, Rank.TENS), (_HUNDREDS, Rank.HUNDREDS))
    return {
        fold(word): NumberWord(value, rank)
        for table, rank in tables
        for value, words in table.items()
        for word in words.split()
    }


@cache
def plural_digits() -> dict[str, str]:
    """The digit behind «пятёрки»."""
    return {fold(word): str(digit) for digit, words in _PLURALS.items() for word in words.split()}


@lru_cache(maxsize=4096)
def is_measure(word: str) -> bool:
    """Whether a word such as «тысяч» or «рублей» turns the number before it into an amount."""
    folded = fold(word)
    return any(folded == measure or (len(measure) > _SHORT and folded.startswith(measure)) for measure in _measures())


@cache
def _measures() -> tuple[str, ...]:
    return tuple(fold(measure) for measure in _MEASURES.split())
