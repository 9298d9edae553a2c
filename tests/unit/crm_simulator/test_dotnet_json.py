"""The reader of the simulated CRM takes and refuses what .NET's own was seen to take and refuse."""

import codecs

import pytest

from tools.simulators.crm.exchange import BadBody
from tools.simulators.crm.form_data import decoded, form

JSON = "application/json; charset=utf-8"
FORM = '{"formData":{"formId":"x","formFieldsData":[{"name":"a","value":"b"}],"options":{"disableRefererPolicy":true}}}'


def value_of(value: str) -> str | None:
    found = form(decoded(JSON, f'{{"formData":{{"formFieldsData":[{{"name":"a","value":{value}}}]}}}}'.encode()))
    assert found is not None
    assert found.fields is not None
    return found.fields[0].value


@pytest.mark.parametrize(
    "body",
    [
        FORM,
        FORM[:-1],
        FORM[:-2],
        FORM[:-3],
        FORM + "}",
        FORM + "\x00",
        '{"formData":null}' + FORM,
        '{"formData":null,' + FORM[1:],
        FORM.replace('"b"}]', '"b",},]'),
        '{"__type":"X:#Y",' + FORM[1:],
    ],
)
def test_what_it_reads(body: str) -> None:
    found = form(decoded(JSON, body.encode()))
    assert found is not None
    assert found.fields is not None
    assert [(each.name, each.value) for each in found.fields] == [("a", "b")]


@pytest.mark.parametrize(
    "body",
    [
        " ",
        FORM + "text",
        FORM.replace('"b"', '"b\ufffe"'),
        FORM.replace('"b"', '"b\uffff"'),
        FORM.replace('"value":"b"', '"value":"b","value":"c"'),
        FORM.replace('"formId":"x"', '"formFieldsData":[]'),
        FORM.replace('"name"', '"__type":"X:#Y","name"'),
        FORM.replace('"formId":"x"', '"more":' + "[" * 130 + "]" * 130),
        FORM[: FORM.index("]")],
        "\ufeff" + FORM,
    ],
)
def test_what_it_refuses(body: str) -> None:
    with pytest.raises(BadBody):
        form(decoded(JSON, body.encode()))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("007", "007"),
        ("NaN", "NaN"),
        ("1x2", "1x2"),
        ("4.50", "4.50"),
        ("true", "true"),
        ("{}", ""),
        ("[]", ""),
        ("null", None),
        (r'"\ufffe"', "\ufffe"),
        (r'"\u0000"', "\x00"),
    ],
)
def test_a_value_is_its_text(written: str, value: str | None) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize("written", ['{"x":1}', '["x"]', "word"])
def test_a_value_that_holds_others_is_none(written: str) -> None:
    with pytest.raises(BadBody):
        value_of(written)


@pytest.mark.parametrize("written", ['"true"', '" true "', "1", "true"])
def test_a_flag_has_several_forms(written: str) -> None:
    found = form(decoded(JSON, f'{{"formData":{{"options":{{"disableRefererPolicy":{written}}}}}}}'.encode()))
    assert found is not None
    assert found.option("disableRefererPolicy")


@pytest.mark.parametrize("written", ['"True"', "null", "2", "[]"])
def test_a_flag_in_another_form_is_refused(written: str) -> None:
    with pytest.raises(BadBody):
        form(decoded(JSON, f'{{"formData":{{"options":{{"disableRefererPolicy":{written}}}}}}}'.encode()))


@pytest.mark.parametrize("written", ["{}", '""', '{"name":"a"}'])
def test_what_is_no_array_is_an_empty_one(written: str) -> None:
    found = form(decoded(JSON, f'{{"formData":{{"formFieldsData":{written},"options":""}}}}'.encode()))
    assert found is not None
    assert (found.fields, found.options) == ((), {})


@pytest.mark.parametrize(
    ("content_type", "body", "is_read"),
    [
        ("application/json; charset=UTF8", FORM.encode(), False),
        ("application/json; charset=", FORM.encode(), True),
        ("text/json", FORM.encode(), True),
        ("application/json; odata=verbose", FORM.encode(), True),
        ("application/json", FORM.encode("utf-16-le"), True),
        ("application/json; charset=utf-16", FORM.encode("utf-16-be"), True),
        ("application/json", codecs.BOM_UTF16_LE + FORM.encode("utf-16-le"), False),
        ("application/json", codecs.BOM_UTF8 + FORM.encode(), False),
        ("application/json; charset=windows-1251", FORM.encode(), False),
    ],
)
def test_the_charsets(content_type: str, body: bytes, *, is_read: bool) -> None:
    if is_read:
        assert "formData" in decoded(content_type, body)
    else:
        with pytest.raises(BadBody):
            decoded(content_type, body)


def test_no_body_at_all_is_an_empty_object() -> None:
    assert decoded(JSON, b"") == {}
