"""The judgement that is kept with the sample call."""

from __future__ import annotations

import json

import pytest

from functions.analysis.collected import field_names
from functions.analysis.elevenlabs import translate
from functions.analysis.judgement import Judgement
from functions.analysis.model.output import read_answer, weaknesses
from functions.analysis.model.prompt import Prompt, references
from functions.analysis.preprocessing import prepare
from functions.analysis.taxonomy import taxonomy
from tests.support.builders import any_event
from tools.local.recorded_judgement import MODEL, is_wanted, recorded
from tools.local.sample_call import SAMPLE
from tools.local.settings import read_local_settings


def test_it_holds_against_the_call_without_a_doubt() -> None:
    prepared = prepare(translate(any_event(), SAMPLE.read_bytes()))
    content: str = json.loads(recorded({}).body)["choices"][0]["message"]["content"]
    answer = read_answer(content, Prompt(taxonomy()).schema, references(prepared), len(prepared.shown))
    judged = Judgement(taxonomy(), field_names()).analysis(answer, prepared)
    assert weaknesses(answer, prepared) == []
    assert (judged.flags, judged.needs_review) == ((), False)
    assert (judged.topic, judged.intent, judged.quality_score) == ("other", "buy", 4)
    assert len(judged.evidence) == 2
    assert all(proof.verified for proof in judged.evidence)
    assert judged.contact.phone is not None


def test_it_calls_itself_recorded_and_costs_nothing() -> None:
    answer = json.loads(recorded({}).body)
    assert answer["model"] == MODEL
    assert answer["usage"]["total_tokens"] == 0


@pytest.mark.parametrize("own", [{"OPENAI_API_KEY": "sk-invented"}, {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}])
def test_a_model_of_one_s_own_goes_before(own: dict[str, str]) -> None:
    assert is_wanted(read_local_settings({}))
    assert not is_wanted(read_local_settings(own))
