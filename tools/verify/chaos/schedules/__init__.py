"""The schedules, in the order of a call's way."""

from tools.verify.chaos.schedule import SCHEDULES
from tools.verify.chaos.schedules import at_the_crm, at_the_door, deployments, operators, outages, under_way

__all__ = ["SCHEDULES", "at_the_crm", "at_the_door", "deployments", "operators", "outages", "under_way"]
