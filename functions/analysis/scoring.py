"""The lead's score: a rule over seven signals, so that a number can always be explained and never be talked up."""

from __future__ import annotations

from collections.abc import Mapping

NOT_A_LEAD, WEAK, MEDIUM, GOOD, HOT = 1, 2, 3, 4, 5
GAP = 2  # a model's own score this far from the rule's makes a person look


def score(signals: Mapping[str, bool], *, can_be_lead: bool) -> int:
    """1 to 5, the first rule that fits from the top (docs/analysis.md, "The score")."""
    need, contact = signals["need_stated"], signals["contact_available"]
    budget, timeline = signals["budget_stated"], signals["timeline_stated"]
    if not (can_be_lead and signals["real_conversation"]):
        return NOT_A_LEAD
    if need and contact and budget and timeline and signals["next_step_agreed"] and signals["decision_maker"]:
        return HOT
    if need and contact and (budget or timeline):
        return GOOD
    if need and (contact or budget or timeline):
        return MEDIUM
    return WEAK
