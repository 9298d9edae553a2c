"""The plots of the proof: each drawn from the records alone, the same bytes from the same records."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tools.verify.report.records import Record

INK, QUIET, OURS, OTHERS, WARN = "#1f2933", "#9aa5b1", "#0f766e", "#94a3b8", "#b45309"
SYSTEMS: Final = {
    "postcall": "Postcall (emulated AWS)",
    "lambda_plain": "One function on the emulated AWS",
    "fastapi_background": "FastAPI, background task",
    "fastapi_queue": "FastAPI, SQLite queue",
    "node_red_at_once": "Node-RED, answers at once",
    "node_red_last_node": "Node-RED, answers at the end",
    "n8n_at_once": "n8n, answers at once",
    "n8n_last_node": "n8n, answers at the end",
}
FAILURE_SCENARIOS: Final = {
    "killed": "killed, CRM slow",
    "killed_in_outage": "killed, CRM down",
    "late": "CRM answers late",
    "down": "CRM down",
    "duplicate": "sent twice",
}
_STYLE: Final = {
    "svg.hashsalt": "postcall",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def draw(name: str, records: Mapping[str, Record]) -> str:
    """One plot as SVG."""
    with mpl.rc_context(_STYLE):
        figure = PLOTS[name](records)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    # The text is drawn by whoever shows the page, in a font that it has; no trailing blanks in a committed file.
    drawn = out.getvalue().replace("DejaVu Sans", "Helvetica, Arial, sans-serif")
    return re.sub(r"[ \t]+$", "", drawn, flags=re.MULTILINE)


def _faults(records: Mapping[str, Record]) -> Figure:
    """How often each kind of fault was injected."""
    faults = sorted(records["simulation"].figures["faults"].items(), key=lambda pair: pair[1])
    figure = Figure(figsize=(8, 0.19 * len(faults) + 0.8))
    axes = figure.subplots()
    axes.barh([kind.replace("_", " ") for kind, _ in faults], [number for _, number in faults], color=OURS)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda times, _: f"{times:,.0f}".replace(",", " ")))
    axes.set_xlabel("times injected (logarithmic)")
    axes.tick_params(axis="y", labelsize=7.5, length=0)
    axes.margins(y=0.005)
    return figure


def _burst(records: Mapping[str, Record]) -> Figure:
    return _over_time(records["load"].figures["burst"])


def _steady(records: Mapping[str, Record]) -> Figure:
    return _over_time(records["load"].figures["steady"])


def _over_time(found: Mapping[str, Any]) -> Figure:
    """Acknowledged, at the CRM, and on the way between, over the seconds."""
    series = found["series"]
    figure = Figure(figsize=(8, 3.2))
    axes = figure.subplots()
    axes.plot(series["seconds"], series["acknowledged"], color=INK, label="acknowledged")
    axes.plot(series["seconds"], series["delivered"], color=OURS, label="leads at the CRM")
    axes.fill_between(
        series["seconds"], series["waiting"], color=OTHERS, alpha=0.4, label="messages waiting", linewidth=0
    )
    axes.set_xlabel("seconds")
    axes.set_ylabel("calls")
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3)
    return figure


def _peers(records: Mapping[str, Record]) -> Figure:
    """Left: how soon a webhook is acknowledged. Right: what the misfortunes cost."""
    found = records["peers"].figures
    names = [name for name in reversed(SYSTEMS) if f"{name}_ack_p50_ms" in found]
    figure = Figure(figsize=(9, 0.45 * len(names) + 1.2))
    left, right = figure.subplots(1, 2, sharey=True)
    labels = [SYSTEMS[name] for name in names]
    for number, name in enumerate(names):
        p50, p99 = found[f"{name}_ack_p50_ms"], found[f"{name}_ack_p99_ms"]
        colour = OURS if name == "postcall" else OTHERS
        left.plot([p50, p99], [number, number], color=colour, linewidth=5, solid_capstyle="round")
        left.plot([p50], [number], marker="o", color=INK, markersize=5)
    left.set_xscale("log")
    left.xaxis.set_major_formatter(FuncFormatter(lambda milliseconds, _: f"{milliseconds:g}"))
    left.set_xlabel("acknowledged after, ms: p50 (dot) to p99")
    left.set_yticks(range(len(names)), labels)
    left.tick_params(axis="y", length=0)
    _stacked(right, names, found)
    return figure


def _stacked(axes: Axes, names: list[str], found: Mapping[str, Any]) -> None:
    begins = [0] * len(names)
    for what, word, colour in (
        ("lost", "lost", WARN),
        ("doubled", "doubled", INK),
        ("listed", "listed for a person, no lead", OTHERS),
    ):
        widths = [sum(found[f"{name}_{each}_{what}_events"] for each in FAILURE_SCENARIOS) for name in names]
        axes.barh(range(len(names)), widths, left=begins, color=colour, label=word, height=0.55)
        begins = [begin + width for begin, width in zip(begins, widths, strict=True)]
    axes.set_xlabel("events, five misfortunes together")
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, fontsize=8)


PLOTS: Final[dict[str, Callable[[Mapping[str, Record]], Figure]]] = {
    "faults": _faults,
    "burst": _burst,
    "steady": _steady,
    "peers": _peers,
}
