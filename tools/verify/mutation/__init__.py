"""Mutation testing of the pure core: mutmut changes it a piece at a time, and the unit tests must notice."""
