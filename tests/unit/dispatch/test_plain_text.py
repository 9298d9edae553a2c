"""What a caller said stays text in the CRM: the gate at the wire, and a comment that nobody can forge."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.dispatch.commentary import comment_text, commentary
from functions.dispatch.field_map import field_map, read_field_map
from functions.dispatch.plain_text import Kind, gated
from functions.dispatch.settings import RequiredContact, WireFormat
from functions.dispatch.wire import Wire, compose
from tests.support.builders import any_analysis, any_contact, any_event

LETTER = Wire("cd8c698b-4b42-4a47-aaf4-7a9e72a0344b", field_map("letter"))
STOCK = Wire("cd8c698b-4b42-4a47-aaf4-7a9e72a0344b", field_map("stock"), WireFormat.WEB_FORM)
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
SPECIAL = st.sampled_from(
    ["\ufffe", "\uffff", "\ud800", "\x00", "\u202e", "\ufeff", "=1+1", "\r\n", "\U0001fffe", "|", "IDs:"]
)
SAID = st.lists(ANYTHING | SPECIAL, max_size=4).map("".join)

LEGITIMATE = [
    "Клиент ищет квартиру №12, бюджет 95 000 € (±5 %) — «Минск-Мир»; этаж 3/9.",
    "Кліенту патрэбна двухпакаёвая кватэра ў Мінску, аб'ём 54,5 м², ёсць пытанне: калі здача?",
    "Сям’я з дзецьмі; м’який знак не при чём, поʼязд таксама.",
    'The client\'s budget is $120,000; call back at 10:30 – e-mail: a_b+c@example.com [urgent] #1 & "now"!',
    "Идентификаторы: 5 и 6. Виды: студия; кредиты: да. Kids: two. Grids: no. Ставка ≥ 4 ½ %.",
    "Скорость 3×4, температура −5 °C, путь → офис…",
    "Ёлка, ЙОД, ў і ґ, naïve café Łódź straße",
]


@pytest.mark.parametrize("text", LEGITIMATE)
def test_what_people_write_passes_as_it_is(text: str) -> None:
    assert gated(text, Kind.TEXT) == text
    assert comment_text(text) == text


@pytest.mark.parametrize("space", ["  ", "\t", "\r\n", "\u00a0", "\u2028", "\u2029", " \u3000 "])
def test_white_space_of_whatever_kind_is_one_space(space: str) -> None:
    assert gated(f"Анна{space}Иванова", Kind.TEXT) == "Анна Иванова"


BARS = "|｜¦￤│┃∣❘❙❚ǀ⏐⎮︱︳ꟾ׀।ӀⅠⅼ▏▕ˈ˥꘡⼁丨ㅣᛁꓲ𐌉𖼨᱾⁞￨"


@pytest.mark.parametrize("bar", BARS)
def test_nothing_that_looks_like_a_bar_stays_one(bar: str) -> None:
    said = comment_text(f"Итог {bar} следующее")
    between = said.removeprefix("Итог").removesuffix("следующее").strip()
    assert between in {"", "/", "I", "l", "—", "_"}  # a plain letter is a letter, and a dash a dash


IDS = [
    *"""
    IDs: ids: IDS: IDs_: I.D.s: I-Ds: IDs： IDs꞉ IDs∶ IDs︓ IDs; IDs= ＩＤｓ： ＩDs: ІDs: IDѕ: ІDѕ: lDs: 1Ds: !Ds: ıds:
    ΙDs: IÐs: IĐs: IDş: ID$: ID5: 𝐈𝐃𝐬: 𝙸𝙳𝚜: ⒾⒹⓢ: Ⅰⅾs: ⅠDſ: IDс: IДs: IДс: Їds: x_IDs: xIDs: 0IDs: (IDs:
    """.split(),  # noqa: SIM905 — read as what they look like
    *(
        "IDs :",
        "I D s :",
        "I D S:",
        "IDs\u00a0:",
        "I\u200bDs:",
        "I\u00adDs:",
        "I\u0307Ds:",
        "IDs\u0301:",
        "I\u2060D\u2060s:",
    ),
    "\u202esDI\u202cIDs:",
]


@pytest.mark.parametrize("word", IDS)
def test_nothing_that_looks_like_the_ids_stays_them(word: str) -> None:
    said = comment_text(f"хорошо {word} event=evil")
    assert not re.search(r"(?i)i\W*d\W*s\W*:", unicodedata.normalize("NFKD", said))
    assert not re.search(r"[:;] event", said)
    assert not re.search(r"\S= event", said)


# By Unicode's own names, whatever hangs on a letter; `_ALLOWED` decides which of them a comment may hold at all.
LOOKS_LIKE = {
    "{}Ds:": r"LATIN .* LETTER (I|L|IOTA|DOTLESS I)( WITH .*)?|.* (BYELORUSSIAN-UKRAINIAN I|YI)|GREEK .* LETTER IOTA.*|"
    r"INVERTED EXCLAMATION MARK|EXCLAMATION MARK|(DIGIT|SUPERSCRIPT) ONE",
    "I{}s:": r"LATIN .* LETTER (AFRICAN )?(D|ETH)( WITH .*)?",
    "ID{}:": r"LATIN .* LETTER (LONG S|S|TONE FIVE|TONE TWO|ESH)( WITH .*)?|CYRILLIC .* LETTER (ES|DZE)( WITH .*)?|"
    r"GREEK .* LETTER (FINAL )?SIGMA|SECTION SIGN|DOLLAR SIGN|DIGIT FIVE",
}


@pytest.mark.parametrize("word", LOOKS_LIKE)
def test_no_letter_that_unicode_names_after_one_of_the_ids_makes_them(word: str) -> None:
    looks = [
        each for each in map(chr, range(0x20, 0x3000)) if re.fullmatch(LOOKS_LIKE[word], unicodedata.name(each, ""))
    ]
    assert len(looks) > 10
    said = {each: comment_text(f"хорошо {word.format(each)} event=evil") for each in looks}
    whole = re.compile(r"\S*[^\W_]\S*[^\W_]\S*[^\W_:]\S*: event")  # three letters of it and the colon
    assert not {each: text for each, text in said.items() if whole.search(text)}


@given(SAID)
def test_a_comment_has_its_seven_parts_and_its_own_ids_whatever_was_said(said: str) -> None:
    analysis = any_analysis(
        summary=said, summary_ru=said, recommendations=(said, said), details={"labels": {"topic": said}}
    )
    comment = commentary(any_event(agent_id=said, conversation_id=said), analysis)
    assert comment.count("|") == 6
    assert len(re.findall(r"IDs:", comment)) == 1
    assert re.fullmatch(r"event=\S*, agent=\S*, conv=\S*", comment.rpartition(" | IDs: ")[2])
    assert comment.isprintable()


@given(SAID, SAID, SAID, SAID, st.sampled_from([LETTER, STOCK]))
def test_whatever_was_said_every_value_is_one_harmless_line(
    name: str, phone: str, email: str, said: str, wire: Wire
) -> None:
    analysis = any_analysis(
        summary=said,
        qualification_comment=said,
        recommendations=(said,),
        contact=any_contact(full_name=name or None, phone=phone or None, email=email or None),
    )
    payload = compose(any_event(agent_id=said, conversation_id=name), analysis, wire=wire).payload
    assert payload.encode().decode() == payload
    assert not set(payload) & {"\ufffe", "\uffff"}
    body = json.loads(payload)
    pairs = body["fields"] + body["contactFields"] if "fields" in body else body["formData"]["formFieldsData"]
    for pair in pairs:
        assert pair["value"].isprintable()
        if pair["name"] not in {"Phone", "MobilePhone"}:
            assert not pair["value"].startswith(("=", "+", "-", "@"))
        else:
            assert re.fullmatch(r"(\+?\d{2,20})?", pair["value"])


@pytest.mark.parametrize(
    "said", ['=HYPERLINK("x")', "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", " \u200b=1", "＝1", "\ufeff@x"]
)
def test_nothing_begins_like_a_formula(said: str) -> None:
    assert gated(said, Kind.TEXT)[0] == "'"


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("+375291234567", "+375291234567"),
        ("+375 (29) 123-45-67", "+375291234567"),
        ("375291234567", "375291234567"),
        ("=1+1", ""),
        ("+375291234567;ext", ""),
        ("+٣٧٥٢٩", ""),
        ("+", ""),
        ("+3752912345671234567890123", ""),
    ],
)
def test_a_phone_is_digits(said: str, sent: str) -> None:
    assert gated(said, Kind.PHONE) == sent


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("user@example.com", "user@example.com"),
        ("o'neil+x@mail.example.by", "o'neil+x@mail.example.by"),
        ("иван@почта.бел", "иван@почта.бел"),
        ("=x@example.com", ""),
        ("a@example.com,b@example.com", ""),
        ("<a@example.com>", ""),
        ("nobody", ""),
        ("a@b", ""),
    ],
)
def test_an_email_is_one_address(said: str, sent: str) -> None:
    assert gated(said, Kind.EMAIL) == sent


def test_a_contact_without_its_shape_is_left_out_noted_and_counts_for_none() -> None:
    analysis = any_analysis(contact=any_contact(phone="=1+1", email=None))
    lead = compose(any_event(), analysis, wire=replace(LETTER, required_contact=RequiredContact.ANY))
    assert "Phone: the call's value has not the shape of phone and is left out" in lead.warnings
    assert lead.refused is not None


def test_what_the_field_map_says_itself_may_begin_as_it_likes() -> None:
    rows = read_field_map('[[field]]\nname = "UsrSign"\nconstant = "+"', where="test.toml")
    assert json.loads(compose(any_event(), any_analysis(), wire=replace(LETTER, rows=rows)).payload)["fields"] == [
        {"name": "UsrSign", "value": "+"}
    ]
