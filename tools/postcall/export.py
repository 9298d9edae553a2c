"""`export`: a list as a file for a spreadsheet."""

from __future__ import annotations

from argparse import Namespace

from postcall.domain.said import said
from tools.postcall.context import Context
from tools.postcall.errors import DONE, WrongUsage
from tools.postcall.language import current

FORMATS = (".csv", ".xlsx")


def export(context: Context, options: Namespace) -> int:
    """Write the file; it is made by the service, in the chosen language.

    Raises:
        WrongUsage: The file's name ends in no known format.
    """
    kind = options.file.suffix.lower()
    if kind not in FORMATS:
        raise WrongUsage(said("cli.export_name", file=options.file))
    filters = {"status": options.status, "day": options.day, "agent_id": options.agent}
    content, truncated = context.api.export(format=kind[1:], lang=current(), **filters)
    options.file.write_bytes(content)
    context.screen.show(
        {"file": str(options.file), "truncated": truncated}, said("cli.exported", file=options.file, bytes=len(content))
    )
    if truncated:
        context.screen.warn(said("cli.export_cut"))
    return DONE
