"""The admin API: what people and other processes see and change; and the page's files."""

import json
from typing import Any

import httpx
import pytest

from tests.contract.crm_simulator.calls import TRUSTED, Caller, letter, pairs, web_form
from tools.simulators.crm.behaviours import BEHAVIOURS
from tools.simulators.crm.faults import FAULTS
from tools.simulators.crm.profiles import LANDING_ID


def get(caller: Caller, path: str) -> Any:
    answer = caller.client.get(caller.crm.admin_url + path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def send(caller: Caller, method: str, path: str, body: object = None) -> httpx.Response:
    return caller.client.request(method, caller.crm.admin_url + path, json=body)


def test_health_tells_what_is_there(as_in_the_letter: Caller) -> None:
    as_in_the_letter.post(letter({"UsrEventId": "1"}), {"Origin": TRUSTED})
    assert get(as_in_the_letter, "/healthz") == {
        "status": "ok",
        "profile": "as-in-the-letter",
        "service_url": as_in_the_letter.crm.service_url,
        "leads": 1,
        "requests": 1,
        "pending_tasks": 0,
    }


def test_leads_can_be_asked_for_by_event(as_in_the_letter: Caller) -> None:
    for event_id in ("1", "2", "2"):
        as_in_the_letter.post(letter({"UsrEventId": event_id}), {"Origin": TRUSTED})
    assert len(get(as_in_the_letter, "/api/leads")) == 3
    assert [lead["event_id"] for lead in get(as_in_the_letter, "/api/leads?event_id=2")] == ["2", "2"]
    assert get(as_in_the_letter, "/api/leads?event_id=3") == []
    assert len(get(as_in_the_letter, "/api/leads?event_id=")) == 0


def test_a_request_is_kept_raw_with_what_was_answered(stock: Caller) -> None:
    stock.post(web_form({"Contact": "Иван"}), {"X-Trace": "17"})
    (request,) = get(stock, "/api/requests")
    assert json.loads(request["body"]) == web_form({"Contact": "Иван"})
    assert request["headers"]["x-trace"] == "17"
    assert (request["answer_status"], request["number"]) == (200, 1)
    assert "resultCode:0" in request["answer_body"]
    assert stock.only_lead()["requests"] == [1]


def test_only_the_last_requests_can_be_asked_for(stock: Caller) -> None:
    for _ in range(3):
        stock.post(web_form({}))
    assert [request["number"] for request in get(stock, "/api/requests?last=2")] == [2, 3]
    assert len(get(stock, "/api/requests")) == 3
    assert stock.client.get(f"{stock.crm.admin_url}/api/requests?last=x").status_code == 400


def test_the_page_has_russian_words_for_every_fault(stock: Caller) -> None:
    words = stock.client.get(f"{stock.crm.admin_url}/words.js").text
    assert [name for name in FAULTS if f" {name}: " not in words] == []


def test_rows_books_contacts_and_log_can_be_read(stock: Caller) -> None:
    stock.post(web_form({"UsrProject": "Мир"}, contactFieldsData=pairs({"Email": "a@b.by"})))
    assert stock.crm.wait_until_idle()
    assert get(stock, "/api/web-form-data")[0]["Email"] == "a@b.by"
    assert get(stock, "/api/lookups")["UsrProject"][0]["name"] == "Мир"
    assert (get(stock, "/api/contacts"), get(stock, "/api/log")) == ([], [])


def test_the_configuration_is_read_and_changed(stock: Caller) -> None:
    change = {"culture": "en", "landings": {LANDING_ID: {"external_urls": "https://a.by"}}}
    found = send(stock, "PUT", "/api/config", change).json()
    assert (found["culture"], found["landings"][LANDING_ID]["external_urls"]) == ("en", "https://a.by")
    assert found["landings"][LANDING_ID]["active"] is True
    assert get(stock, "/api/config") == found
    assert stock.result(web_form({})).message == "Not allowed request URL."


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"colour": "red"}, "colour"),
        ({"culture": "fr"}, "culture"),
        ({"async_feature": "yes"}, "async_feature"),
        ({"landings": {LANDING_ID: {"colour": 1}}}, "colour"),
        ({"landings": []}, "landings"),
        ({"ip_allowlist": "127.0.0.1"}, "ip_allowlist"),
        ({"profile": "stock", "colour": "red"}, "colour"),
        ({"landings": {LANDING_ID: "off"}}, LANDING_ID),
        ({"columns": {"Usr": {"type": "colour"}}}, "type"),
        ({"profile": "mine"}, "profile"),
    ],
)
def test_a_bad_change_is_refused_in_one_sentence_that_names_it(stock: Caller, change: object, word: str) -> None:
    before = get(stock, "/api/config")
    answer = send(stock, "PUT", "/api/config", change)
    assert answer.status_code == 400
    assert word in answer.json()["error"]
    assert get(stock, "/api/config") == before


def test_a_column_or_a_landing_can_be_taken_away(stock: Caller) -> None:
    send(stock, "PUT", "/api/config", {"columns": {"Account": None}, "landings": {LANDING_ID: None}})
    assert stock.result(web_form({})).message == "Не найдена схема для лендинга."
    assert "Account" not in [column["name"] for column in get(stock, "/api/config")["columns"]]


def test_a_fault_of_all_requests_to_come_takes_no_room(stock: Caller) -> None:
    count = 10**15  # as many entries would not fit any memory
    found = send(stock, "POST", "/api/faults", {"fault": "http_503", "count": count}).json()
    assert [(fault["fault"], fault["count"]) for fault in found["waiting"]] == [("http_503", count)]
    assert [stock.post(web_form({})).status_code for _ in range(2)] == [503, 503]
    assert send(stock, "DELETE", "/api/faults").json()["waiting"] == []


def test_faults_are_ordered_listed_and_cancelled(stock: Caller) -> None:
    found = send(stock, "POST", "/api/faults", {"fault": "http_503", "count": 2, "number": 9}).json()
    assert found["waiting"] == [{"fault": "http_503", "count": 2, "number": 9}]
    assert {fault["name"] for fault in found["known"]} == set(FAULTS)
    assert stock.post(web_form({})).headers["Retry-After"] == "9"
    assert send(stock, "DELETE", "/api/faults").json()["waiting"] == []
    assert stock.post(web_form({})).status_code == 200


@pytest.mark.parametrize(
    ("order", "word"),
    [
        ({"fault": "none"}, "none"),
        ({"fault": "http_503", "count": 0}, "count"),
        ({"fault": "http_503", "number": "x"}, "number"),
    ],
)
def test_a_bad_order_is_refused(stock: Caller, order: object, word: str) -> None:
    answer = send(stock, "POST", "/api/faults", order)
    assert (answer.status_code, word in answer.json()["error"]) == (400, True)


def test_a_reset_forgets_everything(stock: Caller) -> None:
    stock.post(web_form({"UsrProject": "Мир"}))
    stock.crm.configure(culture="en")
    stock.crm.fail_next("http_503")
    assert send(stock, "POST", "/api/reset").json()["leads"] == 0
    assert (get(stock, "/api/leads"), get(stock, "/api/requests")) == ([], [])
    assert "UsrProject" not in get(stock, "/api/lookups")
    assert stock.result(web_form({})).message == "Данные успешно сохранены"


def test_every_behaviour_is_listed_with_its_mark(stock: Caller) -> None:
    found = get(stock, "/api/behaviours")
    assert {row["id"]: row["mark"] for row in found["behaviours"]} == {b.id: b.mark for b in BEHAVIOURS.values()}
    assert set(found["marks"]) == {b.mark for b in BEHAVIOURS.values()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("", "text/html"), ("page.css", "text/css")]
    + [(f"{name}.js", "text/javascript") for name in ("page", "leads", "card", "sections", "dom", "words")],
)
def test_the_page_needs_nothing_from_elsewhere(stock: Caller, name: str, kind: str) -> None:
    answer = stock.client.get(f"{stock.crm.admin_url}/{name}")
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, kind)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "http://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("POST", "/api/leads", 404), ("GET", "/../server.py", 404)]
)
def test_other_paths_are_404(stock: Caller, method: str, path: str, status: int) -> None:
    assert send(stock, method, path).status_code == status


@pytest.mark.parametrize(
    ("body", "word"), [(b"{", "JSON"), (b"[]", "object"), (b"\xff", "JSON"), (b'{"self": 1}', "self")]
)
def test_a_body_that_is_no_json_object_is_refused(stock: Caller, body: bytes, word: str) -> None:
    url = stock.crm.admin_url + "/api/config"
    answer = stock.client.put(url, content=body)
    assert (answer.status_code, word in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}, {"Host": ""}]
)
def test_a_page_of_another_site_reads_and_changes_nothing(stock: Caller, headers: dict[str, str]) -> None:
    stock.post(web_form({}))
    for method, path in (("GET", "/api/leads"), ("POST", "/api/reset"), ("PUT", "/api/config"), ("GET", "/")):
        assert stock.client.request(method, stock.crm.admin_url + path, headers=headers).status_code == 403
    assert len(stock.crm.leads()) == 1


def test_the_page_itself_may_change_things(stock: Caller) -> None:
    answer = stock.client.post(f"{stock.crm.admin_url}/api/reset", headers={"Origin": stock.crm.admin_url})
    assert answer.status_code == 200
