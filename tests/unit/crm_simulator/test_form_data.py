"""Reading the body: what becomes of odd JSON."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.simulators.crm.exchange import BadBody
from tools.simulators.crm.form_data import Field, decoded, form, pairs

JSON = "application/json; charset=utf-8"
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def test_a_number_keeps_its_spelling() -> None:
    body = decoded(JSON, b'{"formData":{"formFieldsData":[{"name":"a","value":4.0},{"name":"b","value":1e2}]}}')
    found = form(body)
    assert found is not None
    assert found.fields == (Field("a", "4.0"), Field("b", "1e2"))


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert pairs([{"name": "a", "value": "x\ud83d"}]) == (Field("a", "x\ufffd"),)


def test_a_null_element_is_a_pair_without_a_name() -> None:
    assert pairs([None, {}]) == (Field(None, None), Field(None, None))


@pytest.mark.parametrize("value", [True, "true", " true ", 1, "1"])
def test_an_option_takes_the_words_of_a_boolean(value: object) -> None:
    body = decoded(JSON, json.dumps({"formData": {"options": {"disableRefererPolicy": value}}}).encode())
    found = form(body)
    assert found is not None
    assert found.option("disableRefererPolicy")


@given(data=ANY_JSON, options=ANY_JSON)
def test_any_json_is_read_or_refused(data: object, options: object) -> None:
    """Nothing but BadBody may come of a body, whatever it holds."""
    sent = json.dumps({"formData": {"formId": data, "formFieldsData": data, "options": options}}).encode()
    with contextlib.suppress(BadBody):
        form(decoded(JSON, sent))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(BadBody):
        decoded(JSON, body)


@pytest.mark.parametrize("body", [b'{"a":' * 200_000, b"{" * 200_000, b'{"a":' + b"[" * 200_000])
def test_json_nested_too_deep_is_refused(body: bytes) -> None:
    with pytest.raises(BadBody):
        decoded(JSON, body)
