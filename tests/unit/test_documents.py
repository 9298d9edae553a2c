"""The documents: every link leads somewhere, every path that is named is there, and the first page stays short."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED = {"node_modules", "cdk.out", "build"}
DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for path in ROOT.rglob("*.md")
    if "templates" not in path.parts
    and not any(part in SKIPPED or part.startswith(".") for part in path.relative_to(ROOT).parts)
)
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
LINK = re.compile(r"(?<!`)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# Paths in backticks: with a slash, from the root, and no placeholder in them.
NAMED = re.compile(r"`((?:functions|layers|infra|tools|tests|docs)/[a-z_\d./-]+)`")


@cache
def anchors(path: Path) -> set[str]:
    """What GitHub makes of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_link_leads_somewhere(document: Path) -> None:
    text = FENCE.sub("", (ROOT / document).read_text(encoding="utf-8"))
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        path = (ROOT / document).parent / target if target else ROOT / document
        assert path.exists(), link
        if anchor and path.suffix == ".md":
            assert anchor in anchors(path), link


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.name != "CHANGELOG.md"], ids=str)
def test_every_path_that_is_named_is_there(document: Path) -> None:
    for named in NAMED.findall((ROOT / document).read_text(encoding="utf-8")):
        assert (ROOT / named).exists(), named


@pytest.mark.parametrize("readme", ["README.md", "README.ru.md"])
def test_the_first_page_has_at_most_700_words(readme: str) -> None:
    assert len((ROOT / readme).read_text(encoding="utf-8").split()) <= 700


def test_no_change_is_told_twice() -> None:
    """Where two branches told it, a merge keeps both."""
    entries = re.split(r"\n(?=- |#)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    counts = Counter(entry.rstrip() for entry in entries if entry.startswith("- "))
    assert [entry for entry, times in counts.items() if times > 1] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_date_and_status(path: Path) -> None:
    third = path.read_text(encoding="utf-8").splitlines()[2]
    assert re.fullmatch(r"Date: \d{4}-\d{2}-\d{2}\. Status: (accepted|superseded by \d{4})\.", third)
