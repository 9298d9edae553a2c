"""The service without its sockets: whatever comes, an answer goes out."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.simulators.crm.background import Background
from tools.simulators.crm.profiles import LANDING_ID, PROFILES, configuration
from tools.simulators.crm.service import SERVICE, Service
from tools.simulators.http.messages import Request

NAMES = ["Id", "id", "Name", "Contact", "UsrSquare", "UsrMinskMir", "UsrTSLeadStatus", "City", "WebForm", "UsrEventId"]
VALUE = st.none() | st.text(max_size=60) | st.integers() | st.booleans() | st.sampled_from([LANDING_ID, "Минск", "1,5"])
PAIRS = st.lists(
    st.fixed_dictionaries({"name": st.none() | st.sampled_from(NAMES) | st.text(max_size=8), "value": VALUE}),
    max_size=8,
)
BODY = st.fixed_dictionaries(
    {},
    optional={
        "formData": st.fixed_dictionaries(
            {},
            optional={
                "formId": st.sampled_from([LANDING_ID, "x", None]),
                "formFieldsData": PAIRS | st.none(),
                "contactFieldsData": PAIRS | st.none(),
                "options": st.none() | st.just({"extendResponseWithExceptionType": True}),
            },
        ),
        "landingId": st.sampled_from([LANDING_ID, "x", None]),
        "fields": PAIRS | st.none(),
        "contactFields": PAIRS | st.none(),
    },
)


@pytest.fixture
def background() -> Iterator[Background]:
    made = Background(lambda _: None)
    yield made
    made.close()


@pytest.mark.parametrize("profile", PROFILES)
@given(body=BODY)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_gets_an_answer_of_the_contract(background: Background, profile: str, body: object) -> None:
    service = Service(configuration(profile), background)
    headers = {"content-type": "application/json", "referer": "https://mir.utlik.pro/"}
    answer = service.answer(Request("POST", f"/0{SERVICE}", headers, json.dumps(body).encode()))
    assert answer is not None
    assert answer.status in {200, 400}
    if answer.status == 200:
        assert list(json.loads(answer.body)) == ["SaveWebFormObjectDataResult"]
    assert len(service.records.requests) == 1
    json.dumps(service.records.leads(), ensure_ascii=False).encode()
