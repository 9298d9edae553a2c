"""`postcall`, or `python -m tools.postcall`: run one command; it ends with a sentence and an exit code."""

from __future__ import annotations

import json
import os
import sys

from postcall.domain.said import said
from tools.postcall import language
from tools.postcall.arguments import command, parser
from tools.postcall.context import Context
from tools.postcall.errors import INTERRUPTED, CliError, Refused
from tools.postcall.screen import Screen
from tools.postcall.target import ENVIRONMENTS, Target, find_target


def main(arguments: list[str] | None = None) -> int:
    """The exit code; see tools/postcall/errors.py."""
    made = parser()
    options = made.parse_args(arguments)
    if options.run is None:
        made.print_help()
        return 0
    if getattr(options, "lang", None):
        os.environ[language.VARIABLE] = options.lang
    env = getattr(options, "env", None) or os.environ.get("POSTCALL_ENV") or "local"
    if env not in ENVIRONMENTS:
        made.error(f"POSTCALL_ENV: '{env}' is none of {', '.join(ENVIRONMENTS)}")
    screen = Screen(as_json=getattr(options, "json", False))
    try:
        target = find_target(env) if options.needs_target else Target(env, "", "")
        code = command(options)(Context(target, screen), options)
    except CliError as error:
        return _ended(error, screen)
    except KeyboardInterrupt:
        screen.note(said("cli.interrupted"))
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _ended(error: CliError, screen: Screen) -> int:
    """Say why, on standard error, and give the code."""
    if screen.as_json:
        members = error.members if isinstance(error, Refused) else {}
        document = {"error": str(error), "exit_code": error.exit_code, **({"problem": members} if members else {})}
        sys.stderr.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        screen.err.print(language.tell(str(error)), style="red", markup=False, soft_wrap=True)
        if isinstance(error, Refused) and error.members.get("offers"):
            screen.note(said("cli.possible", offers=", ".join(error.members["offers"])))
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
