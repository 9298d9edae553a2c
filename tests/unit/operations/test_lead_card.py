"""The CRM's card of a lead: of the newest request, where its key is ours and its address the CRM's own."""

from __future__ import annotations

from typing import Any

from functions.operations.lead_card import lead_card
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Attempt, AttemptStatus
from tests.support.builders import CONVERSATION, any_terms
from tests.support.fakes.clock import START

SERVICE = "https://crm.example/0/ServiceModel/GeneratedObjectWebFormService.svc/Save"
PAGE = "https://crm.example/0/Nui/ViewModule.aspx#CardModuleV2/LeadPageV2/edit"


def attempt(key: str | None, status: AttemptStatus = AttemptStatus.SUCCESS, **members: Any) -> Attempt:
    terms = any_terms(Deduplication.LEAD_ID, **{"address": SERVICE, **members, "key": key})
    return Attempt(CONVERSATION, 1, status, payload="{}", started_at=START, terms=terms)


def test_the_card_is_that_of_the_newest_request() -> None:
    assert lead_card([attempt("Id=older"), attempt("Id=newer")]) == f"{PAGE}/newer"
    assert lead_card([attempt("Id=a", address=f"{SERVICE}/ServiceModel/")]) == f"{PAGE}/a"


def test_without_a_request_or_a_key_of_ours_the_one_before_counts() -> None:
    own = attempt("Id=ours")
    before = Attempt(CONVERSATION, 1, AttemptStatus.SUCCESS, payload="{}", started_at=START)
    for newer in (
        before,
        attempt(None),
        attempt("UsrEventId=conv_1"),
        attempt("Id=never-sent", AttemptStatus.DRY_RUN),
        attempt("Id=elsewhere", address="https://crm.example/save"),
    ):
        assert lead_card([newer]) is None
        assert lead_card([own, newer]) == f"{PAGE}/ours"
    assert lead_card([]) is None
