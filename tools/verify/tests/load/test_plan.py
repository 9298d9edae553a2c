"""What is sent comes from the seed alone."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from tools.verify.load.plan import LATEST_REPEAT_SECONDS, event_id, planned


def test_the_same_seed_makes_the_same_plan_and_another_seed_another() -> None:
    assert planned(events=50, rate=10, seed=3) == planned(events=50, rate=10, seed=3)
    assert not set(planned(events=50, rate=10, seed=3).event_ids) & set(planned(events=50, rate=10, seed=4).event_ids)


def test_ids_look_like_the_vendor_s_and_are_unique() -> None:
    ids = planned(events=2_000, rate=100, seed=8).event_ids
    assert len(set(ids)) == len(ids) == 2_000
    assert all(len(name) == 33 and name.startswith("conv_") for name in ids)
    assert ids[17] == event_id(8, 17)


def test_first_webhooks_come_evenly_at_the_rate() -> None:
    due = [send.due for send in planned(events=100, rate=20, seed=8).sends if send.copy == 0]
    assert all(abs(later - earlier - 0.05) < 1e-9 for earlier, later in pairwise(due))


def test_some_come_twice_and_some_three_times_soon_after_the_first() -> None:
    plan = planned(events=1_000, rate=100, seed=8)
    copies = Counter(Counter(send.event_id for send in plan.sends).values())
    assert copies[1] > copies[2] > copies[3] > 0
    assert set(copies) == {1, 2, 3}
    first = {send.event_id: send.due for send in plan.sends if send.copy == 0}
    assert all(0 <= send.due - first[send.event_id] <= LATEST_REPEAT_SECONDS for send in plan.sends)


def test_webhooks_are_in_the_order_they_are_due() -> None:
    sends = planned(events=300, rate=50, seed=8).sends
    assert [send.due for send in sends] == sorted(send.due for send in sends)
