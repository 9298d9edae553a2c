"""Contents that came under one id: see whose numbers each names, and let another one be the call's."""

from __future__ import annotations

from argparse import Namespace

from postcall.domain.said import said
from tools.postcall.context import Context
from tools.postcall.errors import DONE, WrongUsage
from tools.postcall.language import label, word
from tools.postcall.screen import facts, table
from tools.postcall.words import format_time, plain

SHOWN_DIGITS = 12


def revisions(context: Context, options: Namespace) -> int:
    """The list; with --use the call is analysed anew from another content, and no lead is sent.

    Raises:
        WrongUsage: --use comes without --reason, or names no content of the call, or several.
    """
    found = context.api.revisions(options.event_id)
    if options.use is None:
        rows = (
            (
                each["sha256"][:SHOWN_DIGITS],
                label("used") if each["is_used"] else "",
                format_time(each["received_at"]),
                word(f"source.{each['source']}") if each["source"] else "",
                ", ".join([*each["phones"], *each["emails"]]),
            )
            for each in found["revisions"]
        )
        context.screen.show(found, table(("content", "", "came", "from", "of whom"), rows))
        return DONE
    if options.reason is None:
        raise WrongUsage(said("cli.use_reason"))
    meant = [each["sha256"] for each in found["revisions"] if each["sha256"].startswith(options.use)]
    if len(meant) != 1:
        raise WrongUsage(said("cli.use_which", count=len(meant), start=options.use))
    done = context.api.use_revision(options.event_id, sha256=meant[0], reason=options.reason)
    context.screen.show(done, facts((name, plain(value)) for name, value in done.items()))
    return DONE
