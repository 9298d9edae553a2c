"""Deterministic simulation: the real use cases over in-memory ports, thousands of faulty days, one seed a day.

`python -m tools.verify.simulation --seed N` replays a schedule bit for bit; the promises are in `audit.py`, the faults
in `faults.py`, and `seeded_bugs.py` proves that each promise can be seen broken.
"""
