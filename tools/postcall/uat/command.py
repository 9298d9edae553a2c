"""`postcall uat`: which parts are possible now, run them, and leave a report."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from rich.text import Text

from postcall.domain.said import said
from tools.local.endpoints import Endpoints
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NOT_WELL, WrongUsage
from tools.postcall.pages import outside
from tools.postcall.screen import table
from tools.postcall.uat import calls, local_settings, record
from tools.postcall.uat.bench import Bench, Stalled
from tools.postcall.uat.crm_inspector import CrmInspector, Interactive, Simulated, Skipped
from tools.postcall.uat.environment import Environment, look_around, version
from tools.postcall.uat.plan import BY_KEY, NO_LANDING, PARTS, PROBES, REAL, REFUSAL
from tools.postcall.uat.probes import run_probe
from tools.postcall.uat.report import Report
from tools.postcall.uat.result import Result, Verdict
from tools.postcall.uat.scenarios import resend_refused, run_scenario
from tools.postcall.uat.wording import MINSK

NEEDS = {"D": "B", "E": "B"}
STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "bold red",
    Verdict.NOTED: "yellow",
    Verdict.UNCONFIRMED: "magenta",
    Verdict.NOT_RUN: "dim",
}
ONLY_IN_DRY_RUN = "Среда отправляет по-настоящему. Сценарий A выполняется при `EXTERNAL_CRM_DRY_RUN=true`."
ONLY_WHEN_SENDING = "Среда ничего не отправляет. Нужны `EXTERNAL_CRM_ENABLED=true` и `EXTERNAL_CRM_DRY_RUN=false`."
NO_DISPATCH = "Функция отправки недоступна с этой машины, а проба должна идти с адреса среды: "
ONLY_WHEN_ASKED = (
    "CRM не отказывала. Чтобы увидеть отказ, задайте на время `CRM_LANDING_ID`, которого в CRM нет, и выполните "
    "`postcall uat --only F`."
)
NEEDS_B = "Повторять нечего: сценарий B в этом прогоне не выполнялся."


@dataclass
class Run:
    """One run: what is asked for, what it works with, and the results so far."""

    context: Context
    bench: Bench
    wanted: frozenset[str]
    results: dict[str, Result]
    stalled: str = ""

    def do(self, key: str, make: Callable[[], Result]) -> None:
        """Run one part and keep its result; once a call has not come to its end, no further part is run."""
        if self.stalled:
            self.skip(key, f"Испытания прерваны: {self.stalled}.")
            return
        self.bench.tell(BY_KEY[key].title_line)
        try:
            result = make()
        except Stalled as stalled:
            self.stalled = str(stalled)
            result = Result(key, Verdict.FAILED, f"Не завершено: {stalled}.", lead_made=key != "A")
        self.results[key] = replace(result, at=datetime.now(UTC).isoformat(timespec="seconds"))

    def skip(self, key: str, why: str) -> None:
        """Say why one part was not run."""
        self.results[key] = Result(key, Verdict.NOT_RUN, why)


def run(context: Context, options: Namespace) -> int:
    """Run what the environment's setting allows; the exit code is 1 when a scenario failed."""
    _check(context, options)
    before = record.earlier(options.out, env=context.target.env)
    name = calls.run_name(datetime.now(MINSK))
    wanted = options.only or PARTS
    bench = Bench(context, _crm_inspector(context, options), name, context.screen.note)
    under_way, queues = Run(context, bench, wanted, {}), context.api.queues()
    with ExitStack() as stack:
        _prepare(stack, context, options)
        environment = _local_run(under_way, options) if context.target.local else _remote_run(under_way)
    report = Report(environment, record.together(before, under_way.results), name, datetime.now(MINSK), version())
    paths = record.write(options.out, report)
    rows = (
        (BY_KEY[key].title_line, Text(result.verdict, style=STYLES[result.verdict]), result.sentence)
        for key, result in under_way.results.items()
    )
    context.screen.show(record.as_members(report), table(("part", "verdict", "report"), rows))
    context.screen.note(said("cli.report", paths=", ".join(str(path) for path in paths)))
    context.screen.note(said("cli.report_pdf", page=paths[0]))
    _tell_of_dead_letters(context, queues)
    return NOT_WELL if any(_is_failed(result) for result in under_way.results.values()) else DONE


def _tell_of_dead_letters(context: Context, before: dict[str, Any]) -> None:
    """A refused call leaves its message there, as any other: the queues are not as the run has found them."""
    for queue, depths in context.api.queues().items():
        more = int(depths["dead_letters"]) - int(before[queue]["dead_letters"])
        if more > 0:
            context.screen.note(said("cli.report_dead_letters", count=more, queue=queue))


def _check(context: Context, options: Namespace) -> None:
    if context.target.env == "prod":
        raise WrongUsage(said("cli.uat_prod"))
    local_settings.read_settings(options.settings)
    if context.target.local is None and (options.settings or options.crm_profile):
        raise WrongUsage(said("cli.uat_local"))


def _crm_inspector(context: Context, options: Namespace) -> CrmInspector:
    local = context.target.local
    if local is not None and local.crm_admin_url is not None:
        return Simulated(local.crm_admin_url)
    return Skipped() if options.yes or context.screen.as_json else Interactive(context.screen)


def _prepare(stack: ExitStack, context: Context, options: Namespace) -> None:
    if context.target.local is not None:
        stack.enter_context(local_settings.crm_profile(context.target.local, options.crm_profile))


def _local_run(under_way: Run, options: Namespace) -> Environment:
    """Both settings one after the other, and the stack as it was before."""
    local = under_way.context.target.local
    assert local is not None  # noqa: S101 — the caller has looked
    asked = local_settings.read_settings(options.settings)
    sending = asked | {"EXTERNAL_CRM_ENABLED": "true", "EXTERNAL_CRM_DRY_RUN": "false"}
    if "A" in under_way.wanted:
        with local_settings.changed(local, asked | {"EXTERNAL_CRM_ENABLED": "true", "EXTERNAL_CRM_DRY_RUN": "true"}):
            _run_dry(under_way, look_around("local", under_way.context.dispatch))
    with local_settings.changed(local, sending):
        environment = look_around("local", under_way.context.dispatch)
        _run_sending(under_way, environment)
        if REFUSAL in under_way.wanted:
            _run_refusal(under_way, local, environment)
    return environment


def _run_refusal(under_way: Run, local: Endpoints, environment: Environment) -> None:
    """A landing that the CRM does not know, for one call; then the right one, and the same call again."""
    with local_settings.changed(local, {"CRM_LANDING_ID": NO_LANDING}):
        under_way.do(REFUSAL, partial(run_scenario, REFUSAL, under_way.bench, environment.url))
    refused = under_way.results[REFUSAL]
    if refused.verdict is Verdict.PASSED:
        under_way.do(REFUSAL, partial(resend_refused, under_way.bench, environment.url, refused))


def _remote_run(under_way: Run) -> Environment:
    """What the environment's one setting allows."""
    environment = look_around(under_way.context.target.env, under_way.context.dispatch)
    if not environment.reachable:
        environment = _found_out(under_way, environment)
    if environment.sends:
        if "A" in under_way.wanted and "A" not in under_way.results:
            under_way.skip("A", ONLY_IN_DRY_RUN)
        if under_way.wanted == {REFUSAL}:
            under_way.do(REFUSAL, partial(run_scenario, REFUSAL, under_way.bench, environment.url))
            return environment
        _run_sending(under_way, environment)
        if REFUSAL in under_way.wanted:
            under_way.skip(REFUSAL, ONLY_WHEN_ASKED)
    else:
        _run_dry(under_way, environment)
        for key in (*_in_order(under_way.wanted & set(REAL)), *(under_way.wanted & {REFUSAL})):
            under_way.skip(key, ONLY_WHEN_SENDING)
        _run_probes(under_way, environment, ["reach"])
    return environment


def _found_out(under_way: Run, environment: Environment) -> Environment:
    """Whether leads go out, from the fate of a first call: its dispatch function cannot be asked."""
    under_way.bench.tell(said("cli.uat_asks"))
    event_id = calls.event_id(under_way.bench.run, "first")
    under_way.context.api.analyze(calls.call(under_way.bench.run, "first"))
    status = under_way.bench.rests(event_id, attempts=1)["event"]["status"]
    mode = {"EXTERNAL_CRM_ENABLED": status != "disabled", "EXTERNAL_CRM_DRY_RUN": status == "dry_run"}
    found = replace(environment, settings=dict(environment.settings) | mode)
    if found.sends:
        under_way.results["A"] = Result("A", Verdict.NOT_RUN, ONLY_IN_DRY_RUN, event_id, lead_made=True)
    return found


def _run_dry(under_way: Run, environment: Environment) -> None:
    if "A" in under_way.wanted:
        under_way.do("A", partial(run_scenario, "A", under_way.bench, environment.url))


def _run_sending(under_way: Run, environment: Environment) -> None:
    for key in _in_order(under_way.wanted & set(REAL)):
        if NEEDS.get(key) not in (None, *under_way.results):
            under_way.skip(key, NEEDS_B)
            continue
        under_way.do(key, partial(run_scenario, key, under_way.bench, environment.url))
    _run_probes(under_way, environment, [part.key for part in PROBES])


def _run_probes(under_way: Run, environment: Environment, possible: list[str]) -> None:
    if "probes" not in under_way.wanted:
        return
    for part in PROBES:
        if not environment.reachable:
            under_way.skip(part.key, f"{NO_DISPATCH}{outside(environment.why)}")
        elif part.key not in possible:
            under_way.skip(part.key, ONLY_WHEN_SENDING)
        else:
            under_way.do(part.key, partial(run_probe, part.key, under_way.bench, under_way.context.dispatch))


def _in_order(keys: set[str] | frozenset[str]) -> Iterator[str]:
    return (key for key in REAL if key in keys)


def _is_failed(result: Result) -> bool:
    return result.verdict is Verdict.FAILED
