"""What became of a scenario's events: the sender's book held against the journal of the CRM's stub. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

ACKNOWLEDGED = 200  # ElevenLabs takes nothing else for success
FEWEST_FOR_A_CENTILE = 2


@dataclass(frozen=True)
class Count:
    """Events, not leads, but for `extra_leads`. Each event sent is in one of the first five.

    `once`: one lead. `doubled`: two leads or more, `extra_leads` too many in all. `listed`: no lead, and the system's
    own record shows the event as failed or unknown, so a person can find it. `lost`: no lead, acknowledged, and nobody
    is told. `refused`: no lead, never acknowledged, given up by the sender, and nobody is told. Beside them
    `listed_with_lead`: shown as failed or unknown although the CRM has it; each costs a person a look.
    """

    sent: int
    acknowledged: int
    once: int
    doubled: int
    extra_leads: int
    listed: int
    lost: int
    refused: int
    listed_with_lead: int


def count(answers: Mapping[str, Sequence[int]], leads: Iterable[str], listed: Collection[str] = ()) -> Count:
    """Count a scenario.

    `answers` are the HTTP statuses that each event's deliveries met, 0 for none; `leads` the event ids of the leads
    that the CRM made, one for each lead; `listed` the ids that the system itself shows as failed or unknown. Leads and
    listed ids of other scenarios are left out.
    """
    made = Counter(lead for lead in leads if lead in answers)
    shown = set(listed) & set(answers)
    acknowledged = {event for event, statuses in answers.items() if ACKNOWLEDGED in statuses}
    unescalated = set(answers) - set(made) - shown
    return Count(
        sent=len(answers),
        acknowledged=len(acknowledged),
        once=sum(1 for leads_of_one in made.values() if leads_of_one == 1),
        doubled=sum(1 for leads_of_one in made.values() if leads_of_one > 1),
        extra_leads=sum(leads_of_one - 1 for leads_of_one in made.values()),
        listed=len(shown - set(made)),
        lost=len(unescalated & acknowledged),
        refused=len(unescalated - acknowledged),
        listed_with_lead=len(shown & set(made)),
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """The percentile of a sample, within its range.

    Raises:
        ValueError: For an empty one.
    """
    if not values:
        raise ValueError("No percentile of nothing.")
    if len(values) < FEWEST_FOR_A_CENTILE:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
