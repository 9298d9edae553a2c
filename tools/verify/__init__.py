"""The evidence: what is simulated, measured, broken on purpose and compared, and the report made of it."""
