"""What a text becomes in each type of column."""

import pytest

from tests.contract.crm_simulator.calls import Caller, shows
from tools.simulators.crm.entity import STOCK_LEAD


@shows("value.text_cut")
def test_a_text_is_cut_at_its_size_without_an_error(stock: Caller) -> None:
    lead = stock.lead({"Contact": "я" * 251, "Zip": "1" * 51, "Commentary": "т" * 5_000})
    assert [len(lead["fields"][name]) for name in ("Contact", "Zip", "Commentary")] == [250, 50, 5_000]
    assert lead["cut"] == ["Contact", "Zip"]


@shows("value.cut_then_trim")
def test_a_text_is_cut_before_it_is_trimmed(stock: Caller) -> None:
    assert stock.lead({"Zip": " " * 10 + "1" * 50})["fields"]["Zip"] == "1" * 40


@shows("value.utf16_units")
def test_a_character_outside_the_basic_plane_counts_two(stock: Caller) -> None:
    lead = stock.lead({"Zip": "😀" * 25, "Contact": "x" * 249 + "😀"})
    assert lead["fields"]["Zip"] == "😀" * 25
    assert lead["fields"]["Contact"] == "x" * 249 + "\ufffd"


@shows("value.sizes")
def test_sizes_of_the_stock_lead() -> None:
    sizes = {column.name: column.size for column in STOCK_LEAD}
    assert (sizes["Zip"], sizes["Contact"], sizes["LeadName"], sizes["Commentary"]) == (50, 250, 500, 0)


@shows("value.integer")
@pytest.mark.parametrize(("text", "saved"), [("4", 4), (" 4 ", 4), ("-1", -1), (4, 4), ("4.0", None), ("x", None)])
def test_an_integer_is_plain_digits(stock: Caller, text: object, saved: int | None) -> None:
    stock.crm.configure(columns={"UsrQualityScore": {"type": "integer"}})
    lead = stock.lead({"UsrQualityScore": text}, code=0 if saved is not None else -1)
    assert lead["fields"].get("UsrQualityScore") == saved


@shows("value.float")
@pytest.mark.parametrize(("text", "saved"), [("72.5", 72.5), ("72,5", 72.5), ("72", 72.0), ("72 м²", None)])
def test_a_float_has_a_point_or_a_comma(stock: Caller, text: str, saved: float | None) -> None:
    lead = stock.lead({"UsrSquare": text}, code=0 if saved is not None else -1)
    assert lead["fields"].get("UsrSquare") == saved


@shows("value.date_number_first", "value.date_formats")
@pytest.mark.parametrize(
    ("culture", "text", "saved"),
    [
        ("ru", "2026", "1905-07-18 00:00:00"),
        ("ru", "2026-11-24T10:30:00", "2026-11-24 10:30:00"),
        ("ru", "24.11.2026 10:30", "2026-11-24 10:30:00"),
        ("en", "11/24/2026", "2026-11-24 00:00:00"),
        ("en", "24.11.2026", None),
        ("ru", "завтра", None),
    ],
)
def test_a_date_is_a_number_first_then_a_text(stock: Caller, culture: str, text: str, saved: str | None) -> None:
    stock.crm.configure(culture=culture, columns={"UsrMeeting": {"type": "datetime"}})
    lead = stock.lead({"UsrMeeting": text}, code=0 if saved else -1)
    assert lead["fields"].get("UsrMeeting") == saved


@shows("value.boolean")
@pytest.mark.parametrize(
    ("text", "saved"), [("true", True), ("Да", True), ("1", True), ("False", False), ("нет", False), ("может", None)]
)
def test_a_boolean_is_a_word(stock: Caller, text: str, *, saved: bool | None) -> None:
    lead = stock.lead({"UsrMinskMir": text}, code=-1 if saved is None else 0)
    assert lead["fields"].get("UsrMinskMir") is saved


@shows("value.guid")
@pytest.mark.parametrize("text", ["{6F2C1C0E-3A55-5D0B-9A37-0D3C1C7A9B11}", "6f2c1c0e3a555d0b9a370d3c1c7a9b11"])
def test_a_guid_column_takes_the_spellings_of_a_guid(stock: Caller, text: str) -> None:
    stock.crm.configure(columns={"UsrCallId": {"type": "guid"}})
    assert stock.lead({"UsrCallId": text})["fields"]["UsrCallId"] == "6f2c1c0e-3a55-5d0b-9a37-0d3c1c7a9b11"


@shows("value.guid")
def test_a_guid_column_takes_nothing_else(stock: Caller) -> None:
    stock.crm.configure(columns={"UsrCallId": {"type": "guid"}})
    assert stock.lead({"UsrCallId": "123"}, code=-1)["not_set"] == ["UsrCallId"]


@shows("value.lookup_by_text")
def test_a_lookup_is_found_by_its_text_without_regard_to_case(stock: Caller) -> None:
    assert stock.lead({"LeadSource": "  сАЙТ "})["fields"]["LeadSource"] == "Сайт"
    assert not any(row["created"] for row in stock.crm.lookups()["LeadSource"])


@shows("value.lookup_by_id")
def test_a_lookup_is_found_by_its_id(stock: Caller) -> None:
    row = next(row for row in stock.crm.lookups()["LeadSource"] if row["name"] == "Реклама")
    assert stock.lead({"LeadSource": row["id"].upper()})["fields"]["LeadSource"] == "Реклама"


@shows("value.lookup_unknown_id")
def test_an_unknown_id_is_no_value(stock: Caller) -> None:
    lead = stock.lead({"LeadSource": "6f2c1c0e-3a55-5d0b-9a37-0d3c1c7a9b11"}, code=-1)
    assert lead["not_set"] == ["LeadSource"]


@shows("value.lookup_created")
def test_a_text_that_the_book_lacks_is_added_to_it(stock: Caller) -> None:
    stock.lead({"UsrTSLeadStatus": " Тёплый лид, перезвонить "})
    (row,) = stock.crm.lookups()["UsrTSLeadStatus"]
    assert (row["name"], row["created"]) == ("Тёплый лид, перезвонить", True)


@shows("text.lookup")
def test_a_book_that_takes_no_new_values_leaves_the_column_out(stock: Caller) -> None:
    stock.crm.configure(lookups={"UsrTSLeadStatus": {"values": ["Новый"], "auto_create": False}})
    lead = stock.lead({"UsrTSLeadStatus": "тёплый", "Contact": "Иван"}, code=-1)
    assert (lead["not_set"], lead["fields"]["Contact"]) == (["UsrTSLeadStatus"], "Иван")


@shows("value.no_required")
def test_a_lead_without_any_contact_is_accepted(stock: Caller) -> None:
    assert stock.lead({"Commentary": "Тема: …"})["fields"]["Commentary"] == "Тема: …"
    assert not any(column.required for column in STOCK_LEAD)
