"""A call that would take all of its worker's time, again and again, becomes a dead letter: others have the worker."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from functions.analysis import handler as analysis
from functions.analysis import wiring
from functions.dispatch import wiring as dispatch
from postcall.aws.batch import POISONED_AFTER
from postcall.aws.invocation import invocation
from postcall.aws.time_limit import TookTooLong
from postcall.domain.errors import Unavailable
from tests.support.builders import any_analysis, any_event

SETTINGS = SimpleNamespace(crm_timeout_seconds=30.0)
CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 1000 * analysis.SECONDS_TO_PUT_ASIDE + 50)


def for_ever(*_arguments: object, **_named: object) -> None:
    while True:
        pass


def message(receives: int) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": str(receives)}
    return {
        "Records": [
            {"messageId": "m", "receiptHandle": "r", "body": '{"event_id": "conv_1"}', "attributes": attributes}
        ]
    }


@pytest.mark.parametrize(("receives", "quarantined"), [(POISONED_AFTER - 1, []), (POISONED_AFTER, ["TookTooLong"])])
def test_an_analysis_without_an_end(receives: int, quarantined: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    letters: list[Any] = []
    monkeypatch.setattr("postcall.aws.batch.count", lambda _metric: None)
    monkeypatch.setattr("functions.analysis.handler.flush_metrics", lambda: None)
    monkeypatch.setattr(wiring, "come_back_if_killed", lambda _records: None)
    monkeypatch.setattr(wiring, "analyse", for_ever)
    monkeypatch.setattr(wiring, "dead_letter_record", lambda _record, reason: letters.append(reason))
    answer = analysis.handler(message(receives), CONTEXT)
    assert [letter.params["error"] for letter in letters] == quarantined
    assert bool(answer["batchItemFailures"]) is not bool(quarantined)


def test_a_lead_that_is_composed_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "compose", for_ever)
    monkeypatch.setattr(dispatch, "COMPOSE_SECONDS", 0.05)
    monkeypatch.setattr(dispatch, "load_settings", lambda: SETTINGS)
    with pytest.raises(TookTooLong):
        dispatch._compose(any_event(), any_analysis(), wire=None)  # type: ignore[arg-type]  # nothing reads it


def test_a_lead_is_not_composed_when_it_could_not_be_sent_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "compose", lambda *_arguments, **_named: pytest.fail("there is no time"))
    monkeypatch.setattr(dispatch, "load_settings", lambda: SETTINGS)
    with invocation(SimpleNamespace(get_remaining_time_in_millis=lambda: 20_000)), pytest.raises(Unavailable):
        dispatch._compose(any_event(), any_analysis(), wire=None)  # type: ignore[arg-type]  # nothing reads it
