"""What became of a scenario's events, from the sender's book and the CRM's journal."""

from __future__ import annotations

import pytest

from tools.verify.peers.count import Count, count, percentile


def test_an_event_with_one_lead_is_counted_once() -> None:
    found = count({"a": [200], "b": [500, 200]}, ["a", "b"])

    assert found == Count(
        sent=2, acknowledged=2, once=2, doubled=0, extra_leads=0, listed=0, lost=0, refused=0, listed_with_lead=0
    )


def test_an_acknowledged_event_without_a_lead_is_lost() -> None:
    found = count({"a": [200], "b": [200]}, ["a"])

    assert (found.once, found.lost, found.refused) == (1, 1, 0)


def test_an_event_that_the_record_shows_as_failed_is_listed_not_lost() -> None:
    found = count({"a": [200]}, [], listed=["a"])

    assert (found.listed, found.lost, found.listed_with_lead) == (1, 0, 0)


def test_an_event_that_the_record_shows_as_unknown_although_the_crm_has_it_costs_a_look() -> None:
    found = count({"a": [200]}, ["a"], listed=["a"])

    assert (found.once, found.listed, found.listed_with_lead) == (1, 0, 1)


def test_an_event_that_was_never_acknowledged_and_has_no_lead_is_refused() -> None:
    found = count({"a": [0, 0, 404]}, [])

    assert (found.acknowledged, found.lost, found.refused) == (0, 0, 1)


def test_only_200_acknowledges() -> None:
    assert count({"a": [202, 204]}, []).acknowledged == 0


def test_a_lead_of_an_event_that_was_never_acknowledged_is_no_refusal() -> None:
    found = count({"a": [500, 500]}, ["a"])

    assert (found.once, found.refused) == (1, 0)


def test_leads_beyond_the_first_are_extra_and_the_event_is_doubled_once() -> None:
    found = count({"a": [200], "b": [200]}, ["a", "b", "a", "a"])

    assert (found.once, found.doubled, found.extra_leads) == (1, 1, 2)


def test_leads_and_lists_of_other_scenarios_are_left_out() -> None:
    found = count({"a": [200]}, ["a", "other", "other"], listed=["another"])

    assert (found.once, found.doubled, found.listed, found.listed_with_lead) == (1, 0, 0, 0)


def test_every_event_is_in_one_class() -> None:
    answers = {"once": [200], "doubled": [200], "listed": [200], "lost": [200], "refused": [404], "shown": [500]}
    found = count(answers, ["once", "doubled", "doubled"], listed=["listed", "shown", "doubled"])

    assert found.once + found.doubled + found.listed + found.lost + found.refused == found.sent


def test_percentiles_lie_within_the_sample() -> None:
    sample = [float(number) for number in range(1, 102)]

    assert percentile(sample, 50) == 51.0
    assert percentile(sample, 99) == 100.0


def test_the_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.0], 99) == 7.0


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)
