"""A few of the worst schedules, for real: real processes over the local stack, a fault proxy between them and AWS.

Each schedule is a function with a sentence (`schedules/`). While it runs, the proxy refuses, delays, or loses the
answers of, AWS calls that belong to its event, and function processes are killed; afterwards the auditor looks from
outside at the CRM's journal, the operators' API and the dead letters. `python -m tools.verify.chaos` runs them all.
"""
