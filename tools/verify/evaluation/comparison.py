"""What another model or prompt would change: two analyses of the same calls, field by field, with what each costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from postcall.domain.analysis import Analysis
from tools.verify.evaluation.injections import contact_values

LABELS = ("source", "topic", "intent", "lead_status", "quality_score", "needs_review", "language")
TEXTS = ("qualification_comment", "summary", "summary_ru", "recommendations")
CONTACTS = ("full_name", "phone", "email")


@dataclass(frozen=True)
class Comparison:
    """How many of the calls change in each field, and what both cost (where prices are known)."""

    calls: int
    changed: dict[str, int]
    cost_before: float
    cost_after: float


def differences(before: Analysis, after: Analysis) -> dict[str, tuple[object, object]]:
    """The fields of two analyses of one call that are not the same."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in (*LABELS, *TEXTS)}
    contacts = zip(CONTACTS, contact_values(before.contact), contact_values(after.contact), strict=True)
    pairs |= {name: (old, new) for name, old, new in contacts}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def compare(pairs: Iterable[tuple[Analysis, Analysis]]) -> Comparison:
    """Compare many calls' analyses, before and after."""
    known = list(pairs)
    changed = Counter(name for before, after in known for name in differences(before, after))
    return Comparison(
        calls=len(known),
        changed=dict(changed.most_common()),
        cost_before=sum(before.usage.cost_usd or 0.0 for before, _after in known),
        cost_after=sum(after.usage.cost_usd or 0.0 for _before, after in known),
    )
