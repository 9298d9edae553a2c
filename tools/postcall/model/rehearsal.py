"""One invented call, judged as a real one would be: how fast the model writes, and whether the deadline fits."""

from __future__ import annotations

import math
from dataclasses import replace

from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.openai_analyst import OUTPUT_TOKENS
from functions.analysis.preprocessing import prepare
from functions.analysis.settings import Settings
from postcall.domain.analysis import Analysis
from postcall.domain.call import Call, Speaker, Turn
from postcall.domain.said import said
from tools.postcall.checks import Check, State
from tools.postcall.model.server import REQUEST_ID, Server

LONGEST_DEADLINE = 600
INVENTED = Call(
    REQUEST_ID,
    turns=(
        Turn(Speaker.AGENT, "Здравствуйте, отдел продаж. Чем могу помочь?"),
        Turn(Speaker.CALLER, "Добрый день, хочу купить двухкомнатную квартиру на Лесной улице."),
        Turn(Speaker.AGENT, "Какой у вас бюджет и когда планируете покупку?"),
        Turn(Speaker.CALLER, "До девяноста тысяч долларов, в следующем месяце. Перезвоните мне завтра утром."),
    ),
    duration_seconds=45,
)


def speed(server: Server, settings: Settings) -> tuple[Check, Settings]:
    """The finding, and the settings with a deadline that fits."""
    name, deadline = said("server.speed"), settings.openai_deadline_seconds
    try:
        analysis = server.analyst(settings).judge(prepare(INVENTED), seconds_left=lambda: math.inf)
    except JudgementFailedError as error:
        found = said("server.unusable", flag=error.flag)
        return Check(name, State.WRONG, found, _todo(error)), settings
    except ModelUnavailable as error:
        slow = said("server.too_slow", deadline=deadline)
        return Check(name, State.WRONG, slow if error.timed_out else str(error), said("server.too_slow_todo")), settings
    return _fit(analysis, settings)


def _todo(error: JudgementFailedError) -> str:
    """What helps: a larger window where the call did not fit, or else a larger model."""
    is_too_long = error.details.get("reason") == "context_length_exceeded"
    return said("server.context_todo") if is_too_long else said("server.unusable_todo")


def _fit(analysis: Analysis, settings: Settings) -> tuple[Check, Settings]:
    """Whether the longest answer that is asked for would be written in time."""
    name, deadline = said("server.speed"), settings.openai_deadline_seconds
    seconds = max(analysis.details["exchange"]["latency_ms"] / 1_000, 0.001)
    rate = analysis.usage.output_tokens / seconds
    report = {"seconds": round(seconds, 1), "rate": round(rate, 1), "deadline": deadline}
    longest = math.ceil(max(seconds, OUTPUT_TOKENS / rate if rate else 0))
    if longest <= deadline:
        return Check(name, State.WELL, said("server.fits", **report)), settings
    found = said("server.narrow", longest=longest, **report)
    state = State.WRONG if seconds > deadline else State.WATCH
    if longest > LONGEST_DEADLINE:
        return Check(name, state, found, said("server.too_slow_todo")), settings
    todo = said("server.set", setting=f"OPENAI_DEADLINE_SECONDS={longest}")
    return Check(name, state, found, todo), replace(settings, openai_deadline_seconds=longest)
