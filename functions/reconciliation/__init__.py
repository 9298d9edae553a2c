"""reconciliation: what stands still is sent again, what was never delivered is fetched, each day is accounted for."""
