"""What a run leaves in its folder: `results.json` for the next run and for programs, `report.md`, `report.html`.

A second run into the same folder adds to the first: on UAT, A is run in a dry run and the rest after the switch, and
one report tells both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from postcall.domain.said import said
from tools.postcall.errors import WrongUsage
from tools.postcall.uat.report import Report, markdown, page
from tools.postcall.uat.result import Result, Verdict, read, written

RESULTS, MARKDOWN, PAGE = "results.json", "report.md", "report.html"


def earlier(folder: Path, *, env: str) -> dict[str, Result]:
    """The results of earlier runs into this folder.

    Raises:
        WrongUsage: The folder holds something else.
    """
    path = folder / RESULTS
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        results = {key: read(members) for key, members in found["results"].items()}
        theirs = str(found["env"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongUsage(said("cli.out_other", path=path)) from error
    if theirs != env:
        raise WrongUsage(said("cli.out_theirs", path=path, theirs=theirs, env=env))
    return results


def together(before: Mapping[str, Result], now: Mapping[str, Result]) -> dict[str, Result]:
    """Both runs' results: a later one replaces an earlier one, unless it was not run now."""
    return dict(before) | {
        key: result for key, result in now.items() if result.verdict is not Verdict.NOT_RUN or key not in before
    }


def as_members(report: Report) -> dict[str, Any]:
    """The report for programs."""
    return {
        "env": report.environment.env,
        "run": report.run,
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "settings": dict(report.environment.settings),
        "advice": [asdict(each) for each in report.advised],
        "results": {key: written(result) for key, result in report.results.items()},
    }


def write(folder: Path, report: Report) -> list[Path]:
    """Write the three files; their paths, the page first.

    Raises:
        WrongUsage: The folder cannot be written.
    """
    texts = {
        PAGE: page(report),
        MARKDOWN: markdown(report),
        RESULTS: json.dumps(as_members(report), ensure_ascii=False, indent=2) + "\n",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongUsage(f"{folder}: {error.strerror}.") from error
    return [folder / name for name in texts]
