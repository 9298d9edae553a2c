"""The inner string's notation."""

import json

from tools.simulators.crm import answers


def test_texts_with_quotes_and_slashes_survive_both_layers() -> None:
    answer = answers.result(answers.inner(-1, 'объект "X\\Y"\n1/2', {"exceptionType": None}))
    inner = json.loads(answer.body)["SaveWebFormObjectDataResult"]
    assert inner == r'{exceptionType:null,resultMessage:"объект \"X\\Y\"\n1/2",resultCode:-1}'


def test_quoted_keys_make_json_of_it() -> None:
    inner = answers.inner(0, "ok", quoted=True, code_first=True)
    assert list(json.loads(inner).items()) == [("resultCode", 0), ("resultMessage", "ok")]


def test_every_message_exists_in_both_languages() -> None:
    for key in (
        "ok",
        "unknown_form",
        "no_schema",
        "landing_off",
        "url",
        "preprocess",
        "postprocess",
        "format",
        "lookup",
    ):
        assert answers.text(key, "ru", "X") != answers.text(key, "en", "X")


def test_a_page_escapes_what_it_tells() -> None:
    assert b"<script>" not in answers.page(409, "Conflict", "UsrEventId <script>").body
