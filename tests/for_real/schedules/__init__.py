"""The schedules, in the order of a call's way."""

from tests.for_real.schedule import SCHEDULES
from tests.for_real.schedules import at_the_crm, at_the_door, outages, under_way

__all__ = ["SCHEDULES", "at_the_crm", "at_the_door", "outages", "under_way"]
