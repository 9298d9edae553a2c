"""Why a lead did not arrive, in the report's words: found by the code of the verdict, never by its English text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postcall.domain.said import said, said_members, words
from tests.unit.uat.builders import heard
from tools.postcall.uat import wording
from tools.postcall.uat.bench import code_of
from tools.postcall.uat.bench import heard as heard_of

REFUSED = heard("rejected_configuration", 200, detail="CRM_LANDING_ID, CRM_SERVICE_URL, certificate")


@pytest.mark.parametrize("code", wording._CAUSES)
def test_a_cause_is_named_by_the_code_of_the_verdict(code: str) -> None:
    assert code in words()
    assert wording._CAUSES[code] in wording.refusal_words(replace(REFUSED, code=code), "rejected")
    assert wording._CAUSES[code] not in wording.refusal_words(REFUSED, "rejected")


def test_a_sentence_within_a_sentence_is_the_one_that_counts() -> None:
    within = said("crm.not_trusted")
    attempt = {"outcome": "unavailable", **said_members("detail", said("crm.probe_refused", detail=within))}
    assert code_of(attempt) == "crm.not_trusted"
    assert heard_of(attempt | said_members("detail", within)).code == "crm.not_trusted"
    assert heard_of({}).code is None
