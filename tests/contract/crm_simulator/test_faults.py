"""Every fault that can be ordered: what the client meets, and whether the lead is there afterwards."""

import time
from collections.abc import Callable

import httpx
import pytest

from tests.contract.crm_simulator.calls import REFERER, Caller, Json, letter, pairs, web_form
from tools.local.waiting import wait_until
from tools.simulators.crm.faults import FAULTS
from tools.simulators.crm.simulator import CrmSimulator
from tools.simulators.http.faults import UnknownFault

BODIES: dict[str, Callable[[str], Json]] = {
    "stock": lambda text: web_form({"Commentary": text}),
    "letter": lambda text: letter({"Commentary": text}),
}
STATUSES = {
    "http_401": 401,
    "http_403": 403,
    "http_404": 404,
    "http_408": 408,
    "http_413": 413,
    "http_429": 429,
    "http_500": 500,
    "http_502": 502,
    "http_503": 503,
    "redirect_to_login": 302,
    "http_500_after_commit": 500,
    "http_502_after_commit": 502,
    "http_504_after_commit": 504,
}
REFUSALS = {
    "preprocess_error": "предобработки",
    "landing_off": "отключен",
    "deadlock_before_commit": "взаимоблокировку",
    "deadlock_after_commit": "взаимоблокировку",
    "post_handler_error": "постобработки",
}
ODD_ANSWERS = {
    "login_page": "<form",
    "empty_result": '{"SaveWebFormObjectDataResult":""}',
    "not_json": "OK",
    "missing_result": "SaveWebFormLeadDataResult",
    "null_result": '{"SaveWebFormObjectDataResult":null}',
    "unreadable_result": r"{resultMessage:\"Данные усп",
    "unknown_code": "resultCode:7",
}


@pytest.fixture(params=["stock", "letter"])
def shape(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def caller(shape: str, request: pytest.FixtureRequest) -> Caller:
    found = request.getfixturevalue("stock" if shape == "stock" else "as_in_the_letter")
    assert isinstance(found, Caller)
    return found


def leads_after(caller: Caller, name: str) -> bool:
    """Whether the lead is there as the fault's row promises."""
    return len(caller.crm.leads()) == (FAULTS[name].saved == "yes")


@pytest.mark.parametrize("name", STATUSES)
def test_a_status_of_a_server_around_the_crm(caller: Caller, shape: str, name: str) -> None:
    caller.crm.fail_next(name)
    answer = caller.post(BODIES[shape]("x"))
    assert answer.status_code == STATUSES[name]
    assert answer.headers["Content-Type"].startswith("text/html")
    assert ("Retry-After" in answer.headers) is (name in {"http_429", "http_503"})
    assert leads_after(caller, name)
    assert caller.result(BODIES[shape]("x")).code == 0


@pytest.mark.parametrize("name", REFUSALS)
def test_a_minus_one(caller: Caller, shape: str, name: str) -> None:
    caller.crm.fail_next(name)
    found = caller.result(BODIES[shape]("x"))
    assert found.code == -1
    assert REFUSALS[name] in found.message
    assert leads_after(caller, name)


@pytest.mark.parametrize("name", ODD_ANSWERS)
def test_a_200_that_is_no_success(caller: Caller, shape: str, name: str) -> None:
    caller.crm.fail_next(name)
    answer = caller.post(BODIES[shape]("x"))
    assert answer.status_code == 200
    assert ODD_ANSWERS[name] in answer.text
    assert leads_after(caller, name)


@pytest.mark.parametrize("name", ["close_before_commit", "close_after_commit"])
def test_a_connection_that_is_closed_without_an_answer(caller: Caller, shape: str, name: str) -> None:
    caller.crm.fail_next(name)
    with pytest.raises(httpx.RemoteProtocolError):
        caller.post(BODIES[shape]("x"))
    assert leads_after(caller, name)
    assert caller.crm.requests()[-1]["answer_status"] is None


@pytest.mark.parametrize("name", ["delay_before_commit", "delay_after_commit"])
def test_a_client_that_leaves_early_does_not_stop_the_save(caller: Caller, shape: str, name: str) -> None:
    caller.crm.fail_next(name, number=0.3)
    with pytest.raises(httpx.ReadTimeout):
        leave_early(caller.client, caller.crm.service_url, BODIES[shape]("x"))
    if name == "delay_before_commit":
        assert caller.crm.leads() == []
    wait_until(lambda: leads_after(caller, name), what="the lead is there", poll=0.005)


def test_an_answer_that_drips_outlasts_a_timeout_per_read(caller: Caller, shape: str) -> None:
    caller.crm.fail_next("slow_drip", number=0.002)
    started = time.monotonic()
    answer = caller.client.post(
        caller.crm.service_url,
        json=BODIES[shape]("x"),
        headers={"Referer": REFERER},
        timeout=httpx.Timeout(5, read=0.1),
    )
    assert answer.status_code == 200
    assert time.monotonic() - started > 0.002 * len(answer.content)
    assert leads_after(caller, "slow_drip")


def test_a_worker_that_crashes_answers_0_and_saves_nothing(caller: Caller, shape: str) -> None:
    caller.crm.fail_next("worker_crash")
    body = web_form({}, contactFieldsData=pairs({"Email": "a@b.by"})) if shape == "stock" else BODIES[shape]("x")
    assert caller.result(body).code == 0
    assert caller.crm.wait_until_idle()
    assert caller.crm.leads() == []
    assert "ThreadAbortException" in caller.crm.log()[0]


def test_no_fault_is_left_untested() -> None:
    shown = {*STATUSES, *REFUSALS, *ODD_ANSWERS, "close_before_commit", "close_after_commit"}
    assert shown | {"delay_before_commit", "delay_after_commit", "slow_drip", "worker_crash"} == set(FAULTS)


def test_an_address_that_is_not_on_the_list_is_refused(caller: Caller, shape: str) -> None:
    caller.crm.configure(ip_allowlist=["203.0.113.7"])
    assert caller.post(BODIES[shape]("x")).status_code == 403
    caller.crm.configure(ip_allowlist=["203.0.113.7", "127.0.0.1"])
    assert caller.post(BODIES[shape]("x")).status_code == 200


def test_a_fault_hits_as_many_requests_as_were_ordered(stock: Caller) -> None:
    stock.crm.fail_next("http_503", count=2, number=7)
    stock.crm.fail_next("http_502")
    answers = [stock.post(web_form({})) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [503, 503, 502, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert [request["faults"] for request in stock.crm.requests()] == [["http_503"], ["http_503"], ["http_502"], []]


def test_other_requests_do_not_use_up_a_fault(stock: Caller) -> None:
    stock.crm.fail_next("http_503")
    stock.client.options(stock.crm.service_url)
    assert stock.post(web_form({})).status_code == 503


def test_a_marker_in_a_value_brings_the_fault_each_time(caller: Caller, shape: str) -> None:
    for _ in range(2):
        assert caller.post(BODIES[shape]("тест [[fault:http_429:3]]")).headers["Retry-After"] == "3"
    assert caller.post(BODIES[shape]("тест")).status_code == 200


def test_a_once_marker_brings_it_the_first_time_only(caller: Caller, shape: str) -> None:
    body = BODIES[shape]("[[fault-once:deadlock_after_commit]]")
    assert [caller.result(body).code for _ in range(3)] == [-1, 0, 0]
    assert caller.result(BODIES[shape]("other [[fault-once:deadlock_after_commit]]")).code == -1


def test_a_marker_that_names_no_fault_is_a_text(stock: Caller) -> None:
    assert stock.lead({"Commentary": "[[fault:none_such]]"})["fields"]["Commentary"] == "[[fault:none_such]]"


def test_an_unknown_fault_cannot_be_ordered(stock: Caller) -> None:
    with pytest.raises(UnknownFault, match="none_such"):
        stock.crm.fail_next("none_such")


def test_what_is_still_under_way_does_not_outlive_a_reset(stock: Caller) -> None:
    stock.crm.fail_next("delay_before_commit", number=0.05)
    with pytest.raises(httpx.ReadTimeout):
        leave_early(stock.client, stock.crm.service_url, web_form({}))
    stock.crm.reset()
    stock.crm.fail_next("delay_before_commit", number=0.1)
    assert stock.result(web_form({})).code == 0
    assert len(stock.crm.leads()) == 1


def test_closing_does_not_wait_for_a_slow_answer() -> None:
    with CrmSimulator(profile="stock") as crm, httpx.Client(trust_env=False) as client:
        crm.fail_next("delay_before_commit", number=60)
        with pytest.raises(httpx.ReadTimeout):
            leave_early(client, crm.service_url, web_form({}))
        started = time.monotonic()
    assert time.monotonic() - started < 2


def leave_early(client: httpx.Client, url: str, body: Json) -> None:
    """Send and wait for 30 ms only. Raises httpx.ReadTimeout."""
    client.post(url, json=body, headers={"Referer": REFERER}, timeout=httpx.Timeout(5, read=0.03))
