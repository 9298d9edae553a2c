"""`replay`: a model, or another prompt, judges stored calls again, here on this machine; nothing is stored or sent.

The calls come from the API as texts, so what the vendor's raw webhook held besides (the number the network showed,
collected fields) is not there: contacts are therefore not compared, judgements are. Key, address and model come from
OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL, as for the local stack; with --offline the rules alone judge.
"""

from __future__ import annotations

import os
from argparse import Namespace
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from postcall.domain.analysis import Analysis
from postcall.domain.call import Call, Speaker, Turn
from postcall.domain.said import said
from postcall.settings import SettingError
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL, CliError, WrongUsage
from tools.postcall.language import label
from tools.postcall.screen import facts, table
from tools.postcall.words import plain
from tools.verify.evaluation.analysts import Examined, live, offline, settings_for

JUDGED = ("topic", "intent", "lead_status", "quality_score", "needs_review")


@dataclass(frozen=True)
class Compared:
    """One call: what was concluded then and now. `cost_usd` is what judging it again cost."""

    event_id: str
    then: dict[str, Any]
    now: dict[str, Any]
    source: str
    cost_usd: float | None

    @property
    def changed(self) -> list[str]:
        """The judgements that differ."""
        return [name for name in JUDGED if self.then.get(name) != self.now.get(name)]


def replay(context: Context, options: Namespace) -> int:
    """Judge stored calls again and show what differs."""
    analyst, name = _analyst(options)
    compared, skipped = _compare_all(context, analyst, _chosen(context, options))
    context.screen.show(_document(compared, skipped, name), *_report(compared, skipped, name))
    fell_back = sum(each.source == "offline" for each in compared)
    if fell_back and not options.offline:
        context.screen.warn(said("cli.fell_back", count=fell_back))
        return NOT_WELL
    return DONE


def _chosen(context: Context, options: Namespace) -> list[str]:
    if options.event_ids:
        return list(options.event_ids)
    listed = context.api.all_events(day=options.day, agent_id=options.agent)
    return [event["event_id"] for event in islice(listed, options.limit)]


def _analyst(options: Namespace) -> tuple[Examined, str]:
    if options.offline:
        return offline(), said("cli.rules")
    key = os.environ.get("OPENAI_API_KEY", "")
    if not key:
        raise WrongUsage(said("cli.replay_key"))
    variables = {name: value for name, value in os.environ.items() if name.startswith("OPENAI_")}
    try:
        settings = settings_for(**variables | ({"OPENAI_MODEL": options.model} if options.model else {}))
    except SettingError as error:
        raise WrongUsage(str(error)) from error
    return live(key, settings, None), settings.openai_model


def _compare_all(context: Context, analyst: Examined, event_ids: list[str]) -> tuple[list[Compared], list[str]]:
    compared, skipped = [], []
    with context.screen.progress(said("cli.judging"), total=len(event_ids)) as step:
        for event_id in event_ids:
            try:
                found = _compare(context, analyst, event_id)
            except CliError:
                found = None  # erased, excluded, or without a transcript
            if found is None:
                skipped.append(event_id)
            else:
                compared.append(found)
            step()
    return compared, skipped


def _compare(context: Context, analyst: Examined, event_id: str) -> Compared | None:
    detail = context.api.event(event_id)
    then = detail.get("analysis")
    if not then:
        return None
    call = stored_call(detail["event"], context.api.call(event_id))
    now = analyst.analyse(call, received_at=datetime.fromisoformat(detail["event"]["received_at"]))
    return Compared(
        event_id,
        then={name: then.get(name) for name in JUDGED},
        now={name: getattr(now, name) for name in JUDGED},
        source=str(now.source),
        cost_usd=_cost(now),
    )


def stored_call(event: dict[str, Any], report: dict[str, Any]) -> Call:
    """The call that the API tells, as an analyst reads it."""
    turns = tuple(
        Turn(Speaker(turn["speaker"]), str(turn.get("text") or ""), turn.get("at_seconds"))
        for turn in report.get("turns") or []
    )
    return Call(event["event_id"], turns, agent_id=event.get("agent_id"), conversation_id=event.get("conversation_id"))


def _cost(analysis: Analysis) -> float | None:
    return analysis.usage.cost_usd


def _document(compared: list[Compared], skipped: list[str], name: str) -> dict[str, Any]:
    rows = [
        {"event_id": each.event_id, "then": each.then, "now": each.now, "changed": each.changed, "cost": each.cost_usd}
        for each in compared
    ]
    return {"judged_by": name, "calls": rows, "skipped": skipped}


def _report(compared: list[Compared], skipped: list[str], name: str) -> list[Any]:
    different = [each for each in compared if each.changed]
    costs = [each.cost_usd for each in compared if each.cost_usd is not None]
    head = facts(
        (
            ("judged by", name),
            ("calls", said("cli.differently", all=len(compared), count=len(different))),
            ("without a model", str(sum(each.source == "offline" for each in compared))),
            ("not judged", said("cli.skipped", count=len(skipped)) if skipped else ""),
            ("cost", f"{sum(costs):.4f} USD" if costs else ""),
        )
    )
    rows = [
        (each.event_id, label(field.replace("_", " ")), plain(each.then.get(field)), plain(each.now.get(field)))
        for each in different
        for field in each.changed
    ]
    return [head, *([table(("event", "judgement", "then", "now"), rows)] if rows else [])]
