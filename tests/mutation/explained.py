"""Why a mutant may live: those that no test can tell from the original, by a piece of what they became."""

from __future__ import annotations

from tests.mutation.survivors import Survivor

WORDING = "the wording of a sentence for people"
_AT_IMPORT = (
    "runs when the module is imported, before mutmut switches a mutant on; the rows of the table are tested one by one"
)
_RETRY = "the same number for every wait that a queue can have"
EXPLAINED: dict[tuple[str, str], str] = {
    ("functions.dispatch.classify._refusal", ""): _AT_IMPORT,
    ("functions.dispatch.answer.read_answer", "strict=None"): "None is as false as False",
    ("functions.dispatch.classify._judge", "exchange.status or 1"): "no row knows status 0 or 1",
    ("functions.dispatch.classify._judge_created", "members = ''"): "neither is an object",
    ("functions.dispatch.classify._judge_status", "<= 400"): "400 has a row of its own, looked at before",
    ("functions.dispatch.classify._judge_status", "< 401"): "400 has a row of its own, looked at before",
    ("functions.intake.signature._matches", "'UTF-8'"): "the same encoding",
    ("functions.intake.signature._matches", "encode('utf-8')"): "a lone surrogate is no part of an HTTP header",
    (
        "functions.reconciliation.usecase.sweep.sweep",
        "limit=None",
    ): "only a store with thousands of events shows the limit",
    ("functions.reconciliation.usecase.sweep._stands_still", "return True"): "what is in no index is not swept",
    ("postcall.domain.retry.retry_delay", "33"): _RETRY,
    ("functions.reconciliation.usecase.ledger._place", "or True"): "only an excluded event has a reason that differs",
    ("functions.reconciliation.usecase.ledger._unlisted", ""): "a call that ended in the very second of midnight",
    ("functions.intake.usecase.take_in.take_in", "note_duplicate(call, now=None)"): (
        "when a repeat came is kept by the table alone, where the integration tests see it"
    ),
}


def explanation(survivor: Survivor) -> str | None:
    """Why this one may live, or None."""
    if survivor.is_wording:
        return WORDING
    for (place, piece), why in EXPLAINED.items():
        if survivor.place == place and piece in survivor.after:
            return why
    return None
