"""Phase 1 keeps its own time, and repeats what ElevenLabs repeats."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tools.verify.load import sending
from tools.verify.load.plan import Plan, Send, planned
from tools.verify.load.sending import NO_ANSWER, Sent, send_all


def test_slow_answers_do_not_slow_the_sender_down() -> None:
    """An open loop: everything is under way before the first answer comes."""
    plan, asked = planned(events=20, rate=1_000, seed=8), Counter[str]()
    all_asked = asyncio.Event()

    async def post(event_id: str) -> int:
        asked[event_id] += 1
        if asked.total() == len(plan.sends):
            all_asked.set()
        await all_asked.wait()
        return 200

    sent = Sent(20)
    brief = Plan(tuple(Send(send.event_id, 0.0, send.copy) for send in plan.sends))
    asyncio.run(asyncio.wait_for(send_all(brief, post, sent), 10))
    assert set(sent.acknowledged) == set(plan.event_ids)
    assert sent.statuses == Counter({200: len(plan.sends)})


@pytest.mark.parametrize(
    ("answers", "tries", "acknowledged"),
    [
        ([200], 1, True),
        ([503, 200], 2, True),
        ([NO_ANSWER, 429, 408, 200], 4, True),
        ([500] * 9, 5, False),
        ([401], 1, False),
    ],
)
def test_what_elevenlabs_sends_again_is_sent_again(
    monkeypatch: pytest.MonkeyPatch, answers: list[int], tries: int, *, acknowledged: bool
) -> None:
    monkeypatch.setattr(sending, "PAUSES", (0.0,) * 4)
    left = list(answers)

    async def post(_event_id: str) -> int:
        return left.pop(0)

    sent = Sent(1)
    asyncio.run(send_all(Plan((Send("conv_a", 0.0),)), post, sent))
    assert sent.requests == tries
    assert ("conv_a" in sent.acknowledged) is acknowledged
    assert len(sent.seconds) == 1
