"""The command line: every command with its options, and what it means."""

from __future__ import annotations

import argparse
import difflib
import importlib
import re
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from postcall.domain.said import LANGUAGES
from tools.postcall import tokens, words
from tools.postcall.target import ENVIRONMENTS
from tools.postcall.uat.plan import parse_parts

EPILOG = """exit codes: 0 done; 1 done, and what was found is not well; 2 wrong arguments or settings; 3 no such thing;
4 refused by the event's state; 5 not allowed; 6 the environment does not answer; 130 interrupted.
docs/operating.md shows the commands at work."""


class Parser(argparse.ArgumentParser):
    """argparse's, which also says what was probably meant."""

    def error(self, message: str) -> NoReturn:
        """End with the usage and, where a choice is close to what was given, that choice."""
        wrong = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message)
        if wrong is not None:
            known = [name.strip(" '") for name in wrong[2].split(",")]
            close = difflib.get_close_matches(wrong[1], known, n=1)
            message = message.partition(" (choose from")[0] + (f": did you mean {close[0]}?" if close else "")
        super().error(message)


@cache
def parser() -> Parser:
    """The whole command line, made once. `--env` and `--json` may stand before or after the command."""
    common = Parser(add_help=False)
    common.add_argument(
        "--env", choices=ENVIRONMENTS, default=argparse.SUPPRESS, help="which environment (default: local)"
    )
    common.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON document, for programs"
    )
    common.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=argparse.SUPPRESS,
        help="of what is shown (POSTCALL_LANG, else the terminal's)",
    )
    root = Parser(
        prog="postcall",
        description="Look at calls, act on them, and prove where each lead is.",
        epilog=EPILOG,
        parents=[common],
    )
    root.add_argument("--version", action="version", version=f"postcall {version('postcall')}")
    root.set_defaults(run=None)
    commands = root.add_subparsers(title="commands", metavar="COMMAND")
    make = _Maker(commands, common)
    _looking(make)
    _acting(make)
    _environment(make)
    _testing(make)
    return root


def command(options: argparse.Namespace) -> Callable[..., int]:
    """The chosen command's function `(context, options) -> exit code`; only now is its module imported."""
    module, _, name = str(options.run).rpartition(".")
    found: Callable[..., int] = getattr(importlib.import_module(f"{__package__}.{module}"), name)
    return found


class _Maker:
    """Adds commands that all know the common options; `run` names the command's function in this package."""

    def __init__(self, commands: Any, common: Parser) -> None:  # noqa: ANN401 — argparse's private class
        self._commands = commands
        self.common = common

    def __call__(self, name: str, run: str, text: str, *, needs_target: bool = True, **more: Any) -> Parser:  # noqa: ANN401 — argparse's own
        made: Parser = self._commands.add_parser(name, help=text, description=text, parents=[self.common], **more)
        made.set_defaults(run=run, needs_target=needs_target)
        return made


def _looking(make: _Maker) -> None:
    listed = make("events", "events.events", "list calls, newest first")
    _of_which(listed, by_day=True)
    listed.add_argument("--attention", action="store_true", help="only what waits for a person")
    listed.add_argument("--limit", type=_whole(1, 100), default=25, help="rows of a page (default: 25)")
    listed.add_argument("--cursor", help="go on where the page before ended")
    listed.add_argument("--all", action="store_true", help="every page")
    filed = make("export", "export.export", "a list as a file for a spreadsheet (at most 5,000 rows)")
    filed.add_argument("file", type=Path, metavar="FILE", help="NAME.csv or NAME.xlsx")
    _of_which(filed, by_day=True)
    make("attention", "attention.attention", "all that needs a person, by cause")
    followed = make("tail", "attention.tail", "show calls as they come and change")
    _of_which(followed, by_day=False)
    followed.add_argument("--seconds", type=_whole(1, 86_400), help="end after so long (default: Ctrl-C ends it)")
    shown = make("show", "events.show", "everything about one call")
    shown.add_argument("event_id", metavar="ID")
    shown.add_argument("--transcript", action="store_true", help="who said what, too")
    shown.add_argument("--attempts", action="store_true", help="what every attempt sent, not only the last")
    found = make("search", "events.search", "find calls by id or its start, phone, e-mail or name")
    found.add_argument("query", metavar="QUERY", help="`-` asks for it, so that it stays out of the shell's history")


def _acting(make: _Maker) -> None:
    resent = make("resend", "actions.resend", "send a lead once more")
    resent.add_argument("event_ids", metavar="ID", nargs="*")
    resent.add_argument("--unsent", action="store_true", help="all that came while sending was switched off or dry")
    resent.add_argument("--force", action="store_true", help="even if the CRM has it, or may have it")
    resent.add_argument("--wait", action="store_true", help="until it rests, and say how it ended")
    resent.add_argument("--wait-seconds", type=_whole(1, 3_600), default=120, help="at most so long (default: 120)")
    _asked_reason(resent, "with --force: why it must be sent once more")
    _yes(resent)
    resolved = make("resolve", "actions.resolve", "settle an unknown outcome by what you saw in the CRM")
    resolved.add_argument("event_id", metavar="ID")
    outcome = resolved.add_mutually_exclusive_group(required=True)
    outcome.add_argument("--delivered", dest="outcome", action="store_const", const="delivered")
    outcome.add_argument("--not-delivered", dest="outcome", action="store_const", const="not_delivered")
    _reason(resolved, "what you saw, and where")
    again = make("reanalyze", "actions.reanalyze", "order a new analysis of a call")
    again.add_argument("event_id", metavar="ID")
    _reason(again, "why")
    contents = make("revisions", "revisions.revisions", "contents that came under one id, and which one is used")
    contents.add_argument("event_id", metavar="ID")
    contents.add_argument("--use", metavar="SHA256", help="analyse the call anew from this one; its beginning will do")
    _asked_reason(contents, "why it is the right one")
    continued = make("continue", "actions.continue_", "bring on what stands still: its next message once more")
    continued.add_argument("event_id", metavar="ID")
    withdrawn = make("withdraw", "actions.withdraw", "take back a resend that nobody has served")
    withdrawn.add_argument("event_id", metavar="ID")
    closed = make("close", "actions.close", "close a call that shall have no lead")
    closed.add_argument("event_id", metavar="ID")
    _reason(closed, "why, without personal data")
    _yes(closed)
    erased = make("erase", "actions.erase", "erase an event or a person everywhere we keep them")
    erased.add_argument("event_id", metavar="ID", nargs="?")
    erased.add_argument("--phone", help="every event of this phone; `-` asks for it")
    erased.add_argument("--email", help="every event of this e-mail; `-` asks for it")
    erased.add_argument("--preview", action="store_true", help="of a person: only show what there is")
    erased.add_argument(
        "--mentioned", action="store_true", help="of a person: also calls of others in which they were mentioned"
    )
    _asked_reason(erased, "why, without personal data")
    _yes(erased)
    again = make("erasures", "erasures.erasures", "run the recorded erasures again, as after a restore")
    again.add_argument("--again", action="store_true", required=True, help="what came back is erased once more")
    _reason(again, "why, without personal data: it stands on the record of what is erased anew")


def _environment(make: _Maker) -> None:
    make("queues", "queues.queues", "how deep the queues are")
    redriven = make("redrive", "queues.redrive", "give a step's dead letters another chance")
    redriven.add_argument("queue", choices=("analysis", "dispatch"))
    redriven.add_argument("--preview", action="store_true", help="only show them")
    redriven.add_argument("--cause", help="only those of this cause, as --preview names it")
    _asked_reason(redriven, "why the dead letters deserve another chance")
    _yes(redriven)
    held = make("quarantine", "records.quarantine", "webhooks that could not be taken in")
    actions_ = held.add_subparsers(dest="action", metavar="list|release|drop")
    held.set_defaults(action="list")
    actions_.add_parser("list", help="all of them (the default)", parents=[make.common])
    for name, text in (("release", "take one in after all"), ("drop", "throw one away")):
        one = actions_.add_parser(name, help=text, parents=[make.common])
        one.add_argument("quarantine_id", metavar="ID")
        if name == "drop":
            _asked_reason(one, "why it is no call of ours")
            _yes(one)
    compared = make("reconcile", "records.reconcile", "compare with ElevenLabs and take in what is missing")
    compared.add_argument(
        "--since", type=_checked(words.since), default="1d", help="6h, 2d, or 2026-11-24T08:00 (default: 1d)"
    )
    compared.add_argument("--dry-run", action="store_true", help="only say what is missing")
    _asked_reason(compared, "why calls are to be fetched by hand")
    day = make("ledger", "records.ledger", "a day as both sides have it")
    day.add_argument("day", metavar="DAY", nargs="?", type=_checked(words.day), help="a day in Minsk (else yesterday)")
    day.add_argument("--anew", action="store_true", help="make it anew, as after a reconciliation")
    figures = make("numbers", "records.numbers", "the figures of a day")
    figures.add_argument("--day", type=_checked(words.day), help="a day in Minsk (else today)")
    _tokens(make)
    _restore(make)
    examined = make("doctor", "doctor.doctor", "look at everything and say what is wrong and what to do")
    examined.add_argument("--first-day", action="store_true", help="tick the list of docs/deploy.md's first day")


def _tokens(make: _Maker) -> None:
    held = make("token", "tokens.new", "make a token for a person or a system", needs_target=False)
    one = held.add_subparsers(required=True, metavar="new").add_parser(
        "new", help="make one, and its row in the secret", parents=[make.common]
    )
    one.add_argument("--name", required=True, type=_checked(tokens.name), help="whose it is: it stands on the record")
    one.add_argument("--may", required=True, type=_checked(tokens.rights), help="bring, look, act, erase: by commas")
    one.add_argument("--until", type=_checked(tokens.until), help="a day or a moment after which it opens nothing")
    one.add_argument(
        "--per-day", action="append", type=_checked(tokens.per_day), metavar="RIGHT=N", help="at most N requests a day"
    )


def _restore(make: _Maker) -> None:
    restored = make(
        "restore",
        "restore.command.restore",
        "bring back what the tables held at a moment and lost since",
    )
    restored.add_argument(
        "--to", required=True, type=_checked(words.since), metavar="MOMENT", help="6h, 2d, or 2026-11-24T08:00"
    )
    restored.add_argument("--preview", action="store_true", help="only count what is missing")
    restored.add_argument("--keep", action="store_true", help="leave the restored tables for a closer look")
    _yes(restored)


def _testing(make: _Maker) -> None:
    judged = make("replay", "replay.replay", "judge stored calls again without storing or sending anything")
    judged.add_argument("event_ids", metavar="ID", nargs="*")
    judged.add_argument("--day", type=_checked(words.day), help="the calls of a day in Minsk")
    judged.add_argument("--agent", help="the calls of this agent id")
    judged.add_argument("--limit", type=_whole(1, 1_000), default=20, help="at most so many calls (default: 20)")
    judged.add_argument("--model", help="instead of OPENAI_MODEL")
    judged.add_argument("--offline", action="store_true", help="the rules alone, without a model")
    _model(make)
    tested = make("uat", "uat.command.run", "the acceptance test: scenarios A to F, probes, report and letters")
    tested.add_argument(
        "--out", type=Path, default=Path("uat-report"), help="where the report goes (default: %(default)s)"
    )
    tested.add_argument("--only", type=_checked(parse_parts), default=None, help="only these, e.g. A,B,probes")
    tested.add_argument("--crm-profile", help="local only: the simulated CRM's profile")
    tested.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="NAME=VALUE", help="local only: a setting"
    )
    _yes(tested, "ask nobody: what only the CRM's screen can show stays not confirmed")
    printed = make("print", "paper.print_page", "a report's page as a PDF, where a browser is", needs_target=False)
    printed.add_argument("page", type=Path, metavar="PAGE", help="the .html of `postcall uat` or of `make proof`")
    printed.add_argument("pdf", type=Path, metavar="PDF", nargs="?", help="default: beside the page")


def _model(make: _Maker) -> None:
    held = make("model", "model.command.check", "ask the model's server what it can", needs_target=False)
    asked = held.add_subparsers(required=True, metavar="check").add_parser(
        "check",
        help="small invented questions; prints the settings to set",
        description="Asks with the shell's OPENAI_*; an option goes before. The key is OPENAI_API_KEY's alone.",
        parents=[make.common],
    )
    for name in ("base-url", "model", "reasoning-effort", "schema-mode", "token-param", "deadline-seconds"):
        asked.add_argument(f"--{name}", metavar="VALUE", help=f"instead of OPENAI_{name.replace('-', '_').upper()}")


def _of_which(made: Parser, *, by_day: bool) -> None:
    known = sorted(words.STATUSES)  # listed in the help, where it is folded: as a metavar it would be one line
    made.add_argument("--status", choices=known, metavar="STATUS", help=f"only these: {', '.join(known)}")
    if by_day:
        made.add_argument("--day", type=_checked(words.day), help="a day in Minsk: 2026-11-24, today, yesterday")
    made.add_argument("--agent", help="only calls of this agent id")


def _yes(made: Parser, text: str = "do not ask for confirmation") -> None:
    made.add_argument("--yes", action="store_true", help=text)


def _asked_reason(made: Parser, text: str) -> None:
    """A reason that the environment may ask for: whether it does depends on the token."""
    made.add_argument("--reason", help=f"{text}; it stands on the record")


def _reason(made: Parser, text: str) -> None:
    made.add_argument("--reason", required=True, help=text)


def _checked(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def parse(text: str) -> Any:  # noqa: ANN401 — whatever is read
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return parse


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {least} to {most}")
        return int(text)

    return parse
