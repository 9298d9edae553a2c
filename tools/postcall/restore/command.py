"""`restore`: an environment's tables as of a moment, copied back where something is missing now."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.environments import load
from postcall.aws.erasure_register import ErasureRegister
from postcall.domain.clock import write_time
from postcall.domain.erasure_record import EVENT
from postcall.domain.said import in_language, said
from tools.postcall import aws
from tools.postcall.context import Context
from tools.postcall.erasures import run_erasures_again
from tools.postcall.errors import DONE, NOT_WELL, Refused
from tools.postcall.language import current
from tools.postcall.restore.copying import Copied, Restore
from tools.postcall.restore.rules import KEYS
from tools.postcall.restore.tables import DynamoTables, Tables
from tools.postcall.screen import table

COLUMNS = ("table", "restored rows", "there", "missing", "held", "expired", "erased")


@dataclass(frozen=True)
class Erasures:
    """The record of erasures: the erased events' ids, and how to run all of them again."""

    ids: Callable[[], frozenset[str]]
    again: Callable[[], dict[str, Any]]


def restore(context: Context, options: Namespace) -> int:
    """Restore beside what there is, copy back what is missing, run the erasures again, take the copies away."""
    target, bucket = context.target, load(context.target.env).names.payload_bucket
    register = ErasureRegister(aws.client("s3", target), bucket)
    erasures = Erasures(
        lambda: frozenset(each.name for each in register.records() if each.kind == EVENT),
        lambda: run_erasures_again(context.api, reason=f"postcall restore --to {options.to}"),
    )
    tables = DynamoTables(aws.client("dynamodb", target), context.sleep)
    return run(context, options, tables, erasures, now=datetime.now(UTC))


def run(context: Context, options: Namespace, tables: Tables, erasures: Erasures, *, now: datetime) -> int:
    """The command over its ports. The erasures run twice: first to see that the token may, then for good."""
    moment = datetime.fromisoformat(options.to)
    work = Restore(tables, load(context.target.env).names.table, moment, now, erasures.ids())
    aws.asked(lambda: _check(work), context.target)
    question = said("restore.question", moment=write_time(moment), env=context.target.env)
    if not options.preview and not context.screen.confirm(_report(question), yes=options.yes):
        return DONE
    erased: dict[str, Any] = {} if options.preview else erasures.again()
    done = aws.asked(lambda: _copied(context, work, only_count=options.preview), context.target)
    if not options.preview:
        erased = erasures.again()
    if not (options.preview or options.keep):
        aws.asked(work.clean, context.target)
    _show(context, work, done, erased, kept=options.preview or options.keep)
    return NOT_WELL if erased.get("refused") else DONE


def _check(work: Restore) -> None:
    outside = work.outside()
    if outside is None:
        return
    name, window = work.name_of(outside[0]), outside[1]
    if window is None:
        raise Refused(_report(said("restore.off", table=name)))
    earliest, latest = map(write_time, window)
    moment = write_time(work.moment)
    raise Refused(_report(said("restore.too_late", table=name, moment=moment, earliest=earliest, latest=latest)))


def _copied(context: Context, work: Restore, *, only_count: bool) -> dict[str, Copied]:
    work.begin()
    done: dict[str, Copied] = {}
    with context.screen.progress("", total=len(KEYS)) as step:
        for name in KEYS:
            step(advance=0, description=_report(said("restore.copying", table=name)))
            done[name] = work.copy(name, only_count=only_count)
            step()
    return done


def _show(context: Context, work: Restore, done: dict[str, Copied], erased: dict[str, Any], *, kept: bool) -> None:
    rows = [
        (name, *map(str, (one.rows, one.there, one.missing, one.held, one.expired, one.erased)))
        for name, one in done.items()
    ]
    document = {
        "moment": write_time(work.moment),
        "tables": {name: one.document() for name, one in done.items()},
        "erased_again": erased.get("erased", []),
    }
    context.screen.show(document, table(COLUMNS, rows))
    waiting = sum(one.held for one in done.values())
    if waiting:
        context.screen.note(_report(said("restore.held_count", count=waiting)))
    if erased.get("erased"):
        context.screen.note(_report(said("restore.erased_again", count=len(erased["erased"]))))
    if erased.get("refused"):
        context.screen.warn(_report(said("restore.not_erased", count=len(erased["refused"]))))
    if kept:
        context.screen.note(_report(said("restore.kept", tables=", ".join(work.restored()))))


def _report(text: str) -> str:
    return in_language(text, current())
