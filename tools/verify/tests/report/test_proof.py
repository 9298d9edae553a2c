"""The proof's documents: made from the records alone, and the committed ones are those of the committed records."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from tools.verify.report import document
from tools.verify.report.document import DOCS, PAGES, documents
from tools.verify.report.plots import PLOTS
from tools.verify.report.record import ROOT, RUNS_FOLDER, write_record
from tools.verify.report.records import RUNS, Record, RecordError, read_record, read_records

ENGLISH, RUSSIAN = DOCS / "proof.md", DOCS / "proof.ru.md"
PAGE, RUSSIAN_PAGE = PAGES / "proof.html", PAGES / "proof.ru.html"
LONGEST = 155  # lines


@pytest.fixture(scope="module")
def records() -> dict[str, Record]:
    return read_records(RUNS_FOLDER)


@pytest.fixture(scope="module")
def made(records: dict[str, Record]) -> dict[Path, str]:
    """The documents of the committed records."""
    return documents(records)


@pytest.fixture
def _no_plots(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what only the words show: drawing is slow."""
    monkeypatch.setattr(document, "draw", lambda name, _records: f"<svg>{name}</svg>")


def test_the_committed_documents_are_those_of_the_committed_records(made: dict[Path, str]) -> None:
    for path, text in made.items():
        if path.parent == PAGES:
            continue
        assert len(text.splitlines()) <= LONGEST
        assert path.read_text(encoding="utf-8") == text, f"{path.relative_to(ROOT)}: make proof"


@pytest.mark.usefixtures("_no_plots")
def test_what_a_run_found_is_what_both_languages_and_the_page_say(records: dict[str, Record]) -> None:
    run = records["simulation"]
    worse = replace(run, figures=run.figures | {"lost": 7, "doubled": 13})
    made = documents(records | {"simulation": worse})
    assert "**7 lost**" in made[ENGLISH]
    assert "**13 doubled**" in made[ENGLISH]
    assert "Да: прогонов с потерей **7**" in made[RUSSIAN]
    assert "Да: прогонов с двумя лидами **13**" in made[RUSSIAN]
    assert "<strong>7 lost</strong>" in made[PAGE]
    assert "Да: прогонов с потерей <strong>7</strong>" in made[RUSSIAN_PAGE]


def test_every_link_of_the_pages_leads_somewhere(made: dict[Path, str]) -> None:
    for page in (PAGE, RUSSIAN_PAGE):
        text = made[page]
        links = [unquote(link) for link in re.findall(r'<a href="([^"]+)"', text)]
        within = {link.removeprefix("#") for link in links if link.startswith("#")}
        assert within <= set(re.findall(r'id="([^"]+)"', text))
        files = {link.partition("#")[0] for link in links if not link.startswith(("#", "http"))}
        assert files
        assert all((page.parent / file).resolve().exists() for file in files)


def test_the_page_holds_what_the_document_only_links_to(records: dict[str, Record], made: dict[Path, str]) -> None:
    page = made[PAGE]
    assert page.count("<svg") == len(PLOTS)
    for bug in records["seeded_bugs"].figures["bugs"]:
        assert f"<code>{bug['name']}</code>" in page
    for record in records.values():
        assert f'href="../docs/../tools/verify/records/{record.name}.json"' in page
        for sentence in record.not_covered:
            assert sentence.split("`")[0][:40] in html.unescape(page)


@pytest.mark.usefixtures("_no_plots")
def test_a_missed_target_says_so(records: dict[str, Record]) -> None:
    run = records["drain"]
    name = next(iter(run.figures["targets"]))
    worse = replace(run, figures=run.figures | {name: 99, "targets_missed": [name]})
    made = documents(records | {"drain": worse})
    assert f"**missed**: {name.replace('_', ' ')} 99, {run.figures['targets'][name]}" in made[ENGLISH]
    assert '<td data-column="value">99</td>' in made[PAGE]


@pytest.mark.usefixtures("_no_plots")
def test_a_missed_row_of_the_bench_says_so(records: dict[str, Record]) -> None:
    run = records["bench"]
    row = {"name": "turns", "then": 1.0, "now": 77.5, "ratio": None, "target": "≤ 2", "met": False}
    made = documents(records | {"bench": replace(run, figures=run.figures | {"rows": [*run.figures["rows"], row]})})
    assert "| turns | 1 | 77.5 | – | ≤ 2 | **missed** |" in made[ENGLISH]


@pytest.mark.usefixtures("_no_plots")
def test_the_bill_and_the_limits_are_those_of_the_counted_units(records: dict[str, Record]) -> None:
    run = records["bench"]
    name = "webhook_events/pending_busiest_partition_units_a_call"
    rounds = run.figures["last_rounds"]
    units = rounds["units"] | {"now": rounds["units"]["now"] | {name: 0.25, "write_units": 20}}
    better = replace(run, figures=run.figures | {"last_rounds": rounds | {"units": units}})
    made = documents(records | {"bench": better})[DOCS / "capacity.md"]
    (pending,) = [line for line in made.splitlines() if line.startswith("| the busiest partition of `pending`")]
    (writes,) = [line for line in made.splitlines() if line.startswith("| DynamoDB: write units |")]
    assert pending.endswith("| 4000 |")
    assert writes.endswith("| 4 575 |")


def test_the_committed_runs_found_nothing_wrong(records: dict[str, Record]) -> None:
    found = {name: record.figures for name, record in records.items()}
    assert [found["simulation"][what] for what in ("lost", "doubled", "stuck", "broken")] == [0, 0, 0, {}]
    assert found["crashes"]["broken"] == 0
    assert found["seeded_bugs"]["caught_by_name"] == found["seeded_bugs"]["planted"] >= 20
    assert found["mutation"]["unexplained"] == []
    real = found["chaos"]
    assert (real["promises_broken"], real["schedules_that_went_as_told"]) == (0, real["schedules"])
    assert real["planted_breaks_found"] == real["planted_breaks"]
    wrong = ("lost", "doubled", "waiting", "never_acknowledged", "strangers", "disagreeing")
    for scenario in ("steady", "burst"):
        assert [found["load"][scenario][what] for what in wrong] == [0] * len(wrong), scenario
    assert all(not figures["counts_missed"] for figures in found.values() if "counts_missed" in figures)


def test_every_record_says_what_ran(records: dict[str, Record]) -> None:
    assert set(records) == set(RUNS)
    for record in records.values():
        assert record.commit, record.name
        assert record.command.startswith(("make ", "python -m ")), record.name
        assert record.seconds > 0, record.name


def test_a_run_that_left_no_record_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"`peers` has left no record"):
        read_records(tmp_path, ["peers"])


def test_a_file_that_is_no_record_is_named(tmp_path: Path) -> None:
    (tmp_path / "load.json").write_text('{"figures": {}}', encoding="utf-8")
    with pytest.raises(RecordError, match=r"load\.json is no record"):
        read_record(tmp_path / "load.json")


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.json"
    write_record(path, command="make it", seconds=1.25, figures={"calls": 3}, not_covered=["The sea."])
    record = read_record(path)
    assert (record.name, record.command, record.figures, record.not_covered) == (
        "run",
        "make it",
        {"calls": 3},
        ["The sea."],
    )
    assert record.machine["cores"] >= 1
    assert json.loads(path.read_text(encoding="utf-8"))["commit"]
