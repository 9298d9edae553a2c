"""The documents: the templates' words, the records' figures, and nothing typed by hand.

`docs/proof.md` and a part of `docs/capacity.md` for engineers, `docs/proof.ru.md` for the CRM's owner; as pages both
proofs are made and not kept, the first with every table and plot.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment

from tools.postcall.pages import html_page, templates
from tools.verify.report import capacity
from tools.verify.report.plots import FAILURE_SCENARIOS, PLOTS, SYSTEMS, draw
from tools.verify.report.record import ROOT
from tools.verify.report.records import Record

TEMPLATES: Final = Path(__file__).with_name("templates")
DOCS: Final = ROOT / "docs"
PAGES: Final = ROOT / ".local"  # made, not kept
BASE: Final = "../docs/"  # where the documents lie, seen from there
SYSTEMS_RU: Final = {
    "postcall": "Postcall",
    "lambda_plain": "Одна функция на эмуляторе AWS",
    "fastapi_background": "FastAPI, фоновая задача",
    "fastapi_queue": "FastAPI, очередь в SQLite",
    "node_red_at_once": "Node-RED, отвечает сразу",
    "node_red_last_node": "Node-RED, отвечает в конце",
    "n8n_at_once": "n8n, отвечает сразу",
    "n8n_last_node": "n8n, отвечает в конце",
}


def documents(records: Mapping[str, Record]) -> dict[Path, str]:
    """Every file of the proof, with its text. Raises jinja2's `UndefinedError` when a record lacks a figure."""
    words, details = _words(), _report(records)
    made = {DOCS / name: words.get_template(name).render(details) for name in ("proof.md", "proof.ru.md")}
    whole = f"{made[DOCS / 'proof.md']}\n{words.get_template('details.md').render(details)}"
    page = DOCS / "capacity.md"
    made[page] = capacity.page(
        page.read_text(encoding="utf-8"), records["bench"].figures, capacity.at_rest(DOCS / "costs.md")
    )
    plots = {name: draw(name, records) for name in PLOTS}
    made[PAGES / "proof.html"] = html_page(whole, language="en", base=BASE, pictures=plots)
    made[PAGES / "proof.ru.html"] = html_page(made[DOCS / "proof.ru.md"], language="ru", base=BASE)
    return made


def _report(records: Mapping[str, Record]) -> dict[str, Any]:
    peers = records["peers"].figures
    return {
        "runs": records,
        **{name: record.figures for name, record in records.items()},
        "systems": _measured(SYSTEMS, peers),
        "systems_ru": _measured(SYSTEMS_RU, peers),
        "misfortunes": FAILURE_SCENARIOS,
        "fate": partial(fate, peers),
        "over_misfortunes": partial(over_misfortunes, peers),
    }


def _measured(labels: Mapping[str, str], peers: Mapping[str, Any]) -> dict[str, str]:
    """Those that the run had: it may be of some systems only (`--only`)."""
    return {name: label for name, label in labels.items() if f"{name}_ack_p50_ms" in peers}


def _words() -> Environment:
    found = templates(TEMPLATES)
    found.filters |= {"number": number, "plain": plain, "cell": cell, "percent": percent, "measured": measured}
    found.filters |= {"minutes": minutes, "minutes_ru": partial(minutes, minute="мин", second="с")}
    return found


def number(value: float) -> str:
    """A whole number for a reader: thousands apart."""
    return f"{value:,.0f}".replace(",", "\N{NO-BREAK SPACE}")


def plain(value: object) -> str:
    """A figure as it is, thousands apart, without a trailing `.0`."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:g}"
    return number(value) if isinstance(value, int | float) else str(value)


def measured(value: float | None) -> str:
    """A figure that a run may lack."""
    return "–" if value is None else plain(round(value, 3))


def percent(share: float) -> str:
    """A share of one."""
    return f"{100 * share:.0f} %"


def minutes(seconds: float, *, minute: str = "min", second: str = "s") -> str:
    """A duration."""
    whole, rest = divmod(round(seconds), 60)
    return f"{whole} {minute} {rest} {second}" if whole else f"{rest} {second}"


def cell(text: object) -> str:
    """A text of our own in a table's cell: its markup stays."""
    return str(text).replace("|", "\\|").replace("\n", " ")


def fate(peers: Mapping[str, Any], system: str, scenario: str) -> str:
    """What a misfortune made of a system's calls, in a few words."""
    of = f"{system}_{scenario}"
    words = {
        "lost": "**lost**",
        "doubled": "**doubled**",
        "listed": "listed for a person, no lead",
        "refused": "refused",
        "listed_with_lead": "held for a person, though a lead",
    }
    counts = {what: peers[f"{of}_{what}_events"] for what in words}
    details = [f"{counts[what]} {word}" for what, word in words.items() if counts[what]]
    once = "" if any(counts[what] for what in ("lost", "doubled", "listed", "refused")) else "every lead once"
    return f"{', '.join(filter(None, [once, *details]))} (of {peers[f'{of}_sent_events']})"


def over_misfortunes(peers: Mapping[str, Any], system: str, what: str) -> int:
    """How many calls all the misfortunes together lost or doubled."""
    return sum(peers[f"{system}_{scenario}_{what}_events"] for scenario in FAILURE_SCENARIOS)
