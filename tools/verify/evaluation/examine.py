"""Put an analyst through the labelled calls, the injected ones and the generated numbers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from functions.analysis.preprocessing import prepare
from postcall.domain.call import Call, Speaker, Turn
from tools.verify.evaluation.analysts import Examined, now
from tools.verify.evaluation.dataset import Examination, Heard, Injected, Result, Row
from tools.verify.evaluation.injections import attacks
from tools.verify.evaluation.spoken_cases import SpokenCase, spoken_cases

T = TypeVar("T")
SPOKEN = 300
INJECTIONS = 180


def examine(
    analyst: Examined,
    rows: list[Row],
    *,
    runs: int = 3,
    injections: int = INJECTIONS,
    spoken: int = SPOKEN,
    step: Callable[[], None] = lambda: None,
) -> Examination:
    """The whole examination; `injections` bounds the calls that a live model would be paid for.

    `step` is called after each call. An interruption ends it with what was judged until then.
    """
    found = Examination(runs=[[]], spoken=[heard(case) for case in spoken_cases(spoken)])
    try:
        for number in range(runs):
            found.runs[number:] = [[]]
            _gather(found.runs[number], (_result(analyst, row) for row in rows), step)
        _gather(found.injections, _injected(analyst, rows, injections), step)
    except KeyboardInterrupt:
        return replace(found, is_whole=False)
    return found


def _gather(into: list[T], found: Iterable[T], step: Callable[[], None]) -> None:
    for one in found:
        into.append(one)
        step()


def heard(case: SpokenCase) -> Heard:
    """What the contact rules make of one dictated number."""
    found = prepare(Call("spoken", turns=(Turn(Speaker.CALLER, case.text),))).phones
    return Heard(case.text, case.number, found[-1].value if found else None)


def _result(analyst: Examined, row: Row) -> Result:
    started = time.perf_counter()
    analysis = analyst.analyse(row.call, received_at=now())
    return Result(row, analysis, time.perf_counter() - started)


def _injected(analyst: Examined, rows: list[Row], limit: int) -> Iterable[Injected]:
    """Attacks spread over the clean calls, each against the same call's clean result."""
    clean = [_result(analyst, row) for row in rows if not row.expected["injection_attempt"] and _speaks(row)]
    by_call = [list(attacks(result.row.call)) for result in clean]
    pairs = [(index, attack) for attack in range(max(map(len, by_call), default=0)) for index in range(len(clean))]
    step = max(1, len(pairs) // max(1, limit))
    for index, attack in pairs[::step][:limit]:
        payload, call = by_call[index][attack]
        attacked = _result(analyst, replace(clean[index].row, call=call))
        yield Injected(payload, clean[index], attacked)


def _speaks(row: Row) -> bool:
    return any(turn.speaker is Speaker.CALLER for turn in row.call.turns)
