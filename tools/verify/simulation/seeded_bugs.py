"""All planted bugs; here those in the reading of the CRM's answers and in reconciliation."""

from __future__ import annotations

from tools.verify.simulation.promises import Promise
from tools.verify.simulation.seeded_commands import IN_THE_COMMANDS
from tools.verify.simulation.seeded_fakes import IN_THE_STORE_AND_THE_SETTINGS
from tools.verify.simulation.seeded_states import IN_THE_TERMS, IN_THE_WAYS_OUT
from tools.verify.simulation.seeded_steps import AT_THE_DOOR, IN_DISPATCH, IN_THE_DECISION
from tools.verify.simulation.seeding import Edit, SeededBug

CLASSIFY = "functions.dispatch.classify"
SWEEP = "functions.reconciliation.usecases.sweep"
FALSE = frozenset({Promise.RECORDED_TRULY})

IN_THE_JUDGEMENT = (
    SeededBug(
        "resend_on_timeout",
        "a time-out after the body left counts as not sent",
        FALSE,
        (
            Edit(
                CLASSIFY,
                "        return outcome, said(code, error=exchange.error)",
                "        return Outcome.UNAVAILABLE, said(code, error=exchange.error)",
            ),
        ),
    ),
    SeededBug(
        "resend_on_minus_one",
        "any −1 counts as not created",
        FALSE,
        (
            Edit(
                CLASSIFY,
                '    return Outcome.UNKNOWN, said("crm.unknown_text")',
                '    return Outcome.UNAVAILABLE, said("crm.unknown_text")',
            ),
        ),
    ),
    SeededBug(
        "resend_on_500",
        "a 500 counts as not created",
        FALSE,
        (
            Edit(
                CLASSIFY,
                "    if status in _BY_STATUS:",
                '    if status >= 500:\n        return Outcome.UNAVAILABLE, ""\n    if status in _BY_STATUS:',
            ),
        ),
    ),
    SeededBug(
        "200_is_success",
        "any HTTP 200 counts as delivered",
        FALSE,
        (
            Edit(
                CLASSIFY,
                '            return Outcome.UNKNOWN, said("crm.unrecognized", why=why)',
                '            return Outcome.DELIVERED, said("crm.unrecognized", why=why)',
            ),
        ),
    ),
    SeededBug(
        "empty_result_is_success",
        "the empty result counts as delivered",
        FALSE,
        (
            Edit(
                CLASSIFY,
                "            return Outcome.REJECTED_CONTRACT, _not_understood(terms)",
                '            return Outcome.DELIVERED, ""',
            ),
        ),
    ),
)

IN_RECONCILIATION = (
    SeededBug(
        "sweep_without_cap",
        "the sweep never gives an event up",
        frozenset({Promise.SWEEPS_ARE_CAPPED}),
        (Edit(SWEEP, "        stalled = event.sweeps >= policy.sweeps", "        stalled = False"),),
    ),
    SeededBug(
        "swept_without_a_note",
        "the sweep sends an event again, whether its note was written or not",
        frozenset({Promise.SWEEPS_ARE_CAPPED}),
        (
            Edit(
                SWEEP,
                "        if not pending.record_sweep(event, now=now, stalled=stalled):\n            continue\n",
                "        pending.record_sweep(event, now=now, stalled=stalled)\n",
            ),
        ),
    ),
    SeededBug(
        "given_up_in_silence",
        "the sweep gives an event up and tells nobody",
        frozenset({Promise.NOT_STUCK}),
        (Edit(SWEEP, "    return swept\n", "    swept.stalled.clear()\n    return swept\n"),),
    ),
    SeededBug(
        "sweep_finds_nothing",
        "the sweep takes whatever waits for busy",
        frozenset({Promise.COMES_TO_REST, Promise.NOT_LOST}),
        (
            Edit(
                SWEEP,
                "    if event.status is Status.SENDING:\n        return event.lease_is_over(now)\n",
                "    if event.status is not Status.DELIVERED:\n        return False\n",
            ),
        ),
    ),
    SeededBug(
        "every_day_adds_up",
        "the ledger counts whatever is known as delivered",
        frozenset({Promise.BOOKS_BALANCE}),
        (Edit("functions.reconciliation.usecases.account", "    if state.delivered:", "    if state.status:"),),
    ),
    SeededBug(
        "search_skips_one_of_a_page",
        "the search for missed calls leaves out the first of each page",
        frozenset({Promise.COMES_TO_REST, Promise.NOT_LOST}),
        (
            Edit(
                "functions.reconciliation.usecases.reconcile",
                "                _fetch(due, done, conversations=conversations, intake=intake)",
                "                _fetch(due[1:], done, conversations=conversations, intake=intake)",
            ),
        ),
    ),
)

SEEDED_BUGS = (
    *AT_THE_DOOR,
    *IN_THE_DECISION,
    *IN_DISPATCH,
    *IN_THE_JUDGEMENT,
    *IN_RECONCILIATION,
    *IN_THE_STORE_AND_THE_SETTINGS,
    *IN_THE_TERMS,
    *IN_THE_WAYS_OUT,
    *IN_THE_COMMANDS,
)
