"""The conversions of a column's text, at their edges."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.simulators.crm.entity import Column, NotConvertible, by_name, convert, cut, guid

GUID = "6f2c1c0e-3a55-5d0b-9a37-0d3c1c7a9b11"


@pytest.mark.parametrize("text", [GUID, GUID.upper(), f"{{{GUID}}}", f"({GUID})", f" {GUID} ", GUID.replace("-", "")])
def test_a_guid_has_several_spellings(text: str) -> None:
    assert guid(text) == GUID


@pytest.mark.parametrize("text", [None, "", "123", GUID[:-1], f"{{{GUID}", f"({GUID}}}", GUID + "0", "g" + GUID[1:]])
def test_anything_else_is_no_guid(text: str | None) -> None:
    assert guid(text) is None


@given(st.text(), st.integers(1, 60))
def test_a_cut_text_never_has_more_utf16_units_than_the_column(text: str, size: int) -> None:
    text = text.encode("utf-16-le", "replace").decode("utf-16-le")
    found = cut(text, Column("UsrText", size=size))
    assert len(found.encode("utf-16-le")) <= 2 * size
    assert found == found.strip()


@given(st.integers(-(2**31), 2**31 - 1))
def test_every_32_bit_number_is_an_integer(number: int) -> None:
    assert convert(str(number), Column("UsrNumber", "integer"), "ru") == number


@pytest.mark.parametrize("text", ["2147483648", "-2147483649", "1e3", "0x1", "٤", "1 000", "", "4,0"])
def test_other_texts_are_no_integer(text: str) -> None:
    with pytest.raises(NotConvertible):
        convert(text, Column("UsrNumber", "integer"), "ru")


@pytest.mark.parametrize("text", ["1e5", "NaN", "inf", "1.2.3", "."])
def test_other_texts_are_no_float(text: str) -> None:
    with pytest.raises(NotConvertible):
        convert(text, Column("UsrNumber", "float"), "ru")


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 — local times
def test_an_iso_date_is_kept(moment: datetime) -> None:
    assert convert(moment.isoformat(), Column("UsrDate", "datetime"), "en") == moment.isoformat(sep=" ")


def test_a_number_too_large_for_a_date_is_no_date() -> None:
    with pytest.raises(NotConvertible):
        convert("99999999999", Column("UsrDate", "datetime"), "ru")


def test_a_lookup_is_known_by_both_its_names() -> None:
    source = Column("LeadSource", "lookup", table="LeadSource")
    assert by_name((source,)) == {"LeadSource": source, "LeadSourceId": source}
