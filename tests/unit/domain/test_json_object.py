"""Unchecked JSON, read by kind."""

from __future__ import annotations

import pytest

from postcall.domain.errors import Rejected
from postcall.domain.json_object import as_list, as_object, as_objects, as_text, read_object

ANYTHING = [None, 0, 1.5, True, "", " ", "text", [], ["a", {}], {}, {"a": 1}]


@pytest.mark.parametrize("value", ANYTHING)
def test_what_is_not_of_the_kind_is_nothing_of_it(value: object) -> None:
    assert as_object(value) == (value if isinstance(value, dict) else {})
    assert as_list(value) == (value if isinstance(value, list) else [])
    assert as_text(value) == ("text" if value == "text" else None)


def test_the_objects_of_a_list_are_kept_and_the_space_around_a_text_is_not() -> None:
    assert as_objects([1, {"a": 1}, None, {}]) == [{"a": 1}, {}]
    assert as_objects({"a": 1}) == []
    assert as_text("  a b\n") == "a b"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_rejected_without_repeating_it(body: bytes) -> None:
    with pytest.raises(Rejected):
        read_object(body)
