"""What AWS refuses and ministack lets pass, one rule a module.

Each rule is a function of plain values that answers AWS's own sentence, or nothing where AWS has no objection; the
module names AWS's page. `fixes/refusals.py` asks them while a stack is deployed, updated or deleted. They are always
on: a template that the emulator takes and AWS does not is a fault that only a deployment would show.
"""
