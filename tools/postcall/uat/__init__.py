"""The acceptance test: scenarios A to E and the probes, against an environment, with a report for the CRM's owner."""
