"""The documents: the templates' words, the records' figures, and nothing typed by hand.

`docs/proof.md` for engineers, `docs/proof.ru.md` for the CRM's owner, and a page with the plots (made, not kept).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

from tools.verify.report.plots import MISFORTUNES, PLOTS, SYSTEMS, draw
from tools.verify.report.record import ROOT
from tools.verify.report.records import Record

TEMPLATES: Final = Path(__file__).with_name("templates")
DOCS: Final = ROOT / "docs"
PAGE: Final = ROOT / ".local" / "proof.html"  # made, not kept
SYSTEMS_RU: Final = {
    "postcall": "Postcall",
    "fastapi_background": "FastAPI, фоновая задача",
    "fastapi_queue": "FastAPI, очередь в SQLite",
    "node_red_at_once": "Node-RED, отвечает сразу",
    "node_red_last_node": "Node-RED, отвечает в конце",
    "n8n_at_once": "n8n, отвечает сразу",
    "n8n_last_node": "n8n, отвечает в конце",
}


def documents(records: Mapping[str, Record]) -> dict[Path, str]:
    """Every file of the proof, with its text. Raises jinja2's `UndefinedError` when a record lacks a figure."""
    words, told = _words(), _told(records)
    made = {DOCS / name: words.get_template(name).render(told) for name in ("proof.md", "proof.ru.md")}
    plots = {name: draw(name, records) for name in PLOTS}
    made |= {DOCS / f"proof/plots/{name}.svg": picture for name, picture in plots.items()}
    body = _page(made[DOCS / "proof.md"])
    for name, picture in plots.items():
        body = _inline(body, name, picture)
    made[PAGE] = words.get_template("proof.html").render(body=body)
    return made


def _told(records: Mapping[str, Record]) -> dict[str, Any]:
    peers = records["peers"].figures
    return {
        "runs": records,
        **{name: record.figures for name, record in records.items()},
        "systems": SYSTEMS,
        "systems_ru": SYSTEMS_RU,
        "misfortunes": MISFORTUNES,
        "fate": partial(fate, peers),
        "over_misfortunes": partial(over_misfortunes, peers),
    }


def _words() -> Environment:
    # Markdown is no HTML: what comes from the records is our own words, and the page's renderer lets no raw HTML pass.
    found = Environment(  # noqa: S701 — see above
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {"number": number, "plain": plain, "cell": cell, "percent": percent}
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


def percent(share: float) -> str:
    """A share of one."""
    return f"{100 * share:.0f} %"


def minutes(seconds: float, *, minute: str = "min", second: str = "s") -> str:
    """A duration."""
    whole, rest = divmod(round(seconds), 60)
    return f"{whole} {minute} {rest} {second}" if whole else f"{rest} {second}"


def cell(text: object) -> str:
    """A text in a table's cell."""
    return str(text).replace("|", "\\|").replace("\n", " ")


def fate(peers: Mapping[str, Any], system: str, misfortune: str) -> str:
    """What a misfortune made of a system's calls, in a few words."""
    of = f"{system}_{misfortune}"
    words = {
        "lost": "**lost**",
        "doubled": "**doubled**",
        "listed": "listed for a person, no lead",
        "refused": "refused",
        "listed_with_lead": "held for a person, though a lead",
    }
    counts = {what: peers[f"{of}_{what}_events"] for what in words}
    told = [f"{counts[what]} {word}" for what, word in words.items() if counts[what]]
    once = "" if any(counts[what] for what in ("lost", "doubled", "listed", "refused")) else "every lead once"
    return f"{', '.join(filter(None, [once, *told]))} (of {peers[f'{of}_sent_events']})"


def over_misfortunes(peers: Mapping[str, Any], system: str, what: str) -> int:
    """How many calls all the misfortunes together lost or doubled."""
    return sum(peers[f"{system}_{misfortune}_{what}_events"] for misfortune in MISFORTUNES)


def _page(markdown: str) -> str:
    """As HTML, each heading with the id that links to it name."""
    page = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = page.parse(markdown)
    for heading, title in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", title.content.lower().replace(" ", "-"))
    return str(page.renderer.render(tokens, page.options, {}))


def _inline(body: str, name: str, picture: str) -> str:
    """The page carries its plots: the image's tag becomes the drawing."""
    start = body.index(f'<img src="proof/plots/{name}.svg"')
    end = body.index(">", start) + 1
    return body[:start] + picture[picture.index("<svg") :] + body[end:]
