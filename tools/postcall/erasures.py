"""The record of erasures: run it again after the tables were restored."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from postcall.domain.said import said
from tools.postcall.api import Api
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL
from tools.postcall.language import label, say
from tools.postcall.screen import facts


def run_erasures_again(api: Api, *, reason: str, on_progress: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Go through the whole record: what was there again and is erased now, and what could not be.

    `on_progress` is told how many records are done. Running it once more is harmless.

    Raises:
        CliError: The environment refused, or did not answer.
    """
    total: dict[str, Any] = {"records": 0, "erased": [], "discarded": 0, "refused": []}
    after = ""
    while True:
        answer = api.erase_again(reason=reason, after=after)
        total = {name: total[name] + answer[name] for name in total}
        if on_progress is not None:
            on_progress(total["records"])
        after = answer["next_cursor"]
        if not after:
            return total


def erasures(context: Context, options: Namespace) -> int:
    """Run them again, and say what was there."""
    with context.screen.progress(said("cli.erasures")) as step:
        done = run_erasures_again(
            context.api,
            reason=options.reason,
            on_progress=lambda number: step(description=say("cli.erasures_count", count=number)),
        )
    refused = "; ".join(f"{each['event_id']}: {each['reason']}" for each in done["refused"])
    context.screen.show(
        done,
        facts(
            (
                ("recorded erasures", str(done["records"])),
                ("calls that were there again, and are erased", ", ".join(done["erased"]) or label("none")),
                ("refused webhooks that were there again", str(done["discarded"])),
                ("not erased", refused or label("none")),
            )
        ),
    )
    return NOT_WELL if refused else DONE
