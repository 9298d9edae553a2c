"""reconciliation: what has stood still too long is sent again, so that no lost message loses a call."""
