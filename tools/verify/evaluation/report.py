"""The report: every metric beside its gate, and whether the examination is passed."""

from __future__ import annotations

from dataclasses import dataclass

from tools.verify.evaluation.dataset import Examination
from tools.verify.evaluation.metrics import ANYBODY, METRICS, Metric
from tools.verify.evaluation.sound import is_mostly_sound, soundness

_WORDS = {True: "ok", False: "FAILED", None: ""}


@dataclass(frozen=True)
class Line:
    """One metric's value, its verdict, and the rules' value beside it (for a model)."""

    metric: Metric
    value: float | None
    passed: bool | None
    baseline: float | None = None
    beats_baseline: bool = True


def lines(examination: Examination, *, judged: bool, baseline: Examination | None = None) -> list[Line]:
    """All metrics. Without a judge (the rules alone) only those that need no judgement are gated.

    With a `baseline`, a gated metric must not be worse than the rules alone: a model has to be worth its money. What a
    model gave counts where its verdict is sound; without sound verdicts no gate about verdicts is passed.
    """
    found = []
    sound = soundness(examination) if judged else examination
    is_nothing_said = judged and not is_mostly_sound(examination)
    for metric in METRICS:
        if metric.of != ANYBODY and not judged:
            found.append(Line(metric, None, None))
            continue
        value = metric.value(examination if metric.is_codes_own else sound)
        rules = metric.value(baseline) if baseline is not None and not metric.name.startswith("latency") else None
        passed = metric.passes(value)
        if is_nothing_said and metric.is_gate and not metric.is_codes_own:
            passed = False
        found.append(Line(metric, value, passed, rules, beats_baseline=_beats(metric, value, rules)))
    return found


def is_passed(found: list[Line]) -> bool:
    """Whether no gate was missed."""
    return all(line.passed is not False and line.beats_baseline for line in found)


def written(found: list[Line], *, title: str) -> str:
    """The report as text."""
    rows = [f"{title}", f"{'metric':30} {'value':>9}  {'gate':10} {'rules':>8}  verdict"]
    for line in found:
        verdict = _WORDS[line.passed] if line.beats_baseline else "FAILED: worse than the rules"
        value = "not judged" if line.value is None else f"{line.value:.4g}{line.metric.unit}"
        rules = "" if line.baseline is None else f"{line.baseline:.3g}"
        rows.append(f"{line.metric.name:30} {value:>10} {line.metric.gate:10} {rules:>8}  {verdict}")
    return "\n".join((*rows, "", "passed" if is_passed(found) else "NOT passed"))


def _beats(metric: Metric, value: float | None, rules: float | None) -> bool:
    if value is None or rules is None:
        return True
    if metric.at_least is not None:
        return value >= rules
    return metric.at_most is None or value <= max(rules, metric.at_most)
