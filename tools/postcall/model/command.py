"""`model check`: asks the server that OPENAI_* in the shell or the options name, and prints the settings to set.

The key comes from OPENAI_API_KEY alone, so that it stays out of the shell's history; no call and no name is sent.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict

from functions.analysis.settings import Settings
from postcall.domain.said import said
from postcall.settings import SettingError
from tools.postcall.checks import Check, State
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL, WrongUsage
from tools.postcall.findings import Findings
from tools.postcall.language import say
from tools.postcall.model.examination import Examination
from tools.postcall.model.server import Server
from tools.verify.evaluation.analysts import settings_for

SHOWN = ("base_url", "model", "reasoning_effort", "schema_mode", "token_param", "deadline_seconds")


def check(context: Context, options: Namespace) -> int:
    """Ask, say, and print the settings; the exit code is 1 when anything is wrong.

    Raises:
        WrongUsage: There is no key, or an option is wrong.
    """
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if not key:
        raise WrongUsage(said("cli.no_model_key"))
    examination = Examination(Server(key, context.monotonic), _settings(options))
    checks: list[Check] = []
    with context.screen.progress(say("server.begin")) as step:
        for one in examination.checks():
            step(description=say("server.asking", name=one.name))
            checks.append(one)
    settings = _lines(examination.settings)
    document = {"checks": [asdict(one) for one in checks], "settings": settings}
    shown = "\n".join(f"{name}={value}" for name, value in settings.items())
    context.screen.show(document, Findings(checks), shown)
    return NOT_WELL if any(one.state is State.WRONG for one in checks) else DONE


def greeting(context: Context) -> Iterator[Check]:
    """For `doctor`: one small question about address, key and model.

    Raises:
        WrongUsage: A variable of the model is wrong.
    """
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    examination = Examination(Server(key, context.monotonic), _settings(Namespace()))
    yield from examination.greeted()


def _settings(options: Namespace) -> Settings:
    """What the shell says, and on top of it what the options say. Raises `WrongUsage`."""
    variables = {name: value for name, value in os.environ.items() if name.startswith("OPENAI_")}
    given = {f"OPENAI_{name.upper()}": getattr(options, name, None) for name in SHOWN}
    try:
        return settings_for(**variables | {name: str(value) for name, value in given.items() if value})
    except SettingError as error:
        raise WrongUsage(str(error)) from error


def _lines(settings: Settings) -> dict[str, str]:
    values = {f"OPENAI_{name.upper()}": getattr(settings, f"openai_{name}") for name in SHOWN}
    return {name: str(value) for name, value in values.items() if value is not None}
