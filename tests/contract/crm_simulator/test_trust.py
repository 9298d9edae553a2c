"""The trust check as a client meets it; its rule in detail is in the unit tests."""

import pytest

from tests.contract.crm_simulator.calls import Caller, is_request_error, shows, web_form
from tools.simulators.crm.profiles import LANDING_ID

REFUSED = "URL, с которого выполнен запрос, не разрешен в системе"


@shows("trust.absent", "trust.origin_ignored")
def test_an_origin_alone_is_refused(stock: Caller) -> None:
    found = stock.result(web_form({}), {"Referer": None, "Origin": "https://mir.utlik.pro"})
    assert (found.code, found.message) == (-1, REFUSED)
    assert stock.crm.leads() == []


@shows("trust.origin_ignored")
def test_a_foreign_origin_does_no_harm(stock: Caller) -> None:
    assert stock.result(web_form({}), {"Origin": "https://evil.example"}).code == 0


@shows("trust.prefix", "trust.no_boundary", "trust.scheme_www", "trust.case", "trust.path_entry", "trust.no_scheme")
@pytest.mark.parametrize(
    ("entry", "referer", "is_allowed"),
    [
        ("https://mir.utlik.pro", "https://mir.utlik.pro/form?utm=1", True),
        ("https://mir.utlik.pro", "https://mir.utlik.pro", True),
        ("https://mir.utlik.pro", "https://mir.utlik.pro.evil.example/", True),
        ("https://mir.utlik.pro", "http://www.mir.utlik.pro/", True),
        ("www.mir.utlik.pro", "https://mir.utlik.pro/", True),
        ("https://Mir.utlik.pro", "https://mir.utlik.pro/", False),
        ("https://mir.utlik.pro/Form", "https://mir.utlik.pro/form", False),
        ("https://mir.utlik.pro/form", "https://mir.utlik.pro/", False),
        ("https://mir.utlik.pro/form", "https://mir.utlik.pro/form/1", True),
        ("https://mir.utlik.pro", "mir.utlik.pro/", False),
        ("https://mir.utlik.pro", "https://example.by/?https://mir.utlik.pro", False),
        ("", "https://mir.utlik.pro/", False),
    ],
)
def test_the_referer_must_start_with_an_entry(stock: Caller, entry: str, referer: str, *, is_allowed: bool) -> None:
    stock.crm.configure(landings={LANDING_ID: {"external_urls": entry}})
    assert (stock.result(web_form({}), {"Referer": referer}).code == 0) is is_allowed


@shows("trust.separators")
@pytest.mark.parametrize("separator", [";", "*", " ", ",", "\n", "\t", "\r\n", " ; "])
def test_entries_are_separated_by_any_of_these(stock: Caller, separator: str) -> None:
    stock.crm.configure(landings={LANDING_ID: {"external_urls": f"https://a.by{separator}https://b.by"}})
    assert stock.result(web_form({}), {"Referer": "https://b.by/"}).code == 0


@shows("trust.malformed")
@pytest.mark.parametrize("referer", ["https://", "https://[", "https://a.by:port/"])
def test_a_malformed_referer_is_a_page(stock: Caller, referer: str) -> None:
    assert is_request_error(stock.post(web_form({}), {"Referer": referer}))


@shows("trust.disabled")
def test_an_option_of_the_client_switches_the_rule_off(stock: Caller) -> None:
    found = stock.result(web_form({}, options={"disableRefererPolicy": True}), {"Referer": None})
    assert found.code == 0
