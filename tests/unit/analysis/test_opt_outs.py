"""Who asks not to be called is heard in many wordings, and ordinary talk about calls is not taken for it."""

from __future__ import annotations

import pytest

from functions.analysis.heuristics import detect
from tests.unit.analysis.builders import call_of

OPT_OUTS = """
Вычеркните меня из списка
Уберите мой номер
Удалите меня из базы
Исключите нас, пожалуйста
Сколько можно звонить
Сколько можно мне звонить!
Хватит звонить
Хватит мне названивать
Прекратите звонки
Прекратите мне звонить
Перестаньте беспокоить
Достали своими звонками
Вы меня достали со своими звонками
Надоели ваши звонки
Больше не звоните
Больше мне не звоните
Не звоните мне больше
Не звоните больше никогда
Никогда не звоните сюда
Больше меня не беспокойте
Не беспокойте меня больше
Забудьте мой номер
Забудьте этот номер
Отзываю согласие
Я отзываю своё согласие
Я не давал согласия
Отказываюсь от ваших звонков
Внесите меня в чёрный список
Прошу мне больше не звонить
Я просила не звонить
Требую удалить мои данные
Запрещаю звонить мне
Оставьте меня в покое
Отстаньте от меня
Не хочу больше получать ваших звонков
Не желаю больше слышать
Больш не тэлефануйце
Больш мне не тэлефануйце
Хопіць мне званіць
Колькі можна тэлефанаваць
Выкрасліце мяне
Не турбуйце мяне
Stop calling me
Don't call me again
Never contact us again
Take me off your list
Remove my number
Delete my data
Lose my number
Leave me alone
I withdraw my consent
Put me on the do not call list
""".strip().splitlines()


@pytest.mark.parametrize("text", OPT_OUTS)
def test_an_opt_out_is_heard(text: str) -> None:
    assert detect(call_of("a: Здравствуйте!", f"u: {text}")).do_not_contact


@pytest.mark.parametrize(
    "text",
    [
        "Не звоните мне после шести",
        "Не звоните на рабочий, звоните на мобильный",
        "Уберите кладовку из сметы",
        "Сколько можно ждать ответа?",
        "Перестаньте предлагать студии, хочу двушку",
        "Забудьте про первый этаж",
        "Мне надоело снимать квартиру",
        "Don't call me before nine",
        "Stop by the office tomorrow",
        "Call me again tomorrow",
        "Не тэлефануйце да дзевяці",
    ],
)
def test_ordinary_talk_is_no_opt_out(text: str) -> None:
    assert not detect(call_of("a: Здравствуйте!", f"u: {text}")).do_not_contact


@pytest.mark.parametrize("text", ["8 029 123 45 67", "Да", "5", "Нет", "так"])
def test_digits_and_a_lone_yes_are_no_silence(text: str) -> None:
    assert not detect(call_of("a: Ваш номер?", f"u: {text}")).silence
