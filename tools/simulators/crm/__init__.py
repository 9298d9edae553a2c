"""A local stand-in for the BPMsoft CRM: the web-form service with its traps, and a window on what it saved."""

from tools.simulators.crm.simulator import CrmSimulator

__all__ = ["CrmSimulator"]
