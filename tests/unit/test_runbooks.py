"""The runbooks and the operating guide in both languages: the same chapters and points, the same commands and names."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from functions.operations.routes.console import FOLDER, WORDS
from functions.operations.routes.runbooks import _pages
from postcall.domain.said import LANGUAGES, words

DOCS = Path(__file__).parents[2] / "docs"
ENGLISH = sorted(path.name for path in (DOCS / "runbooks").glob("*.md"))
PAIRS = {
    **{name: (DOCS / "runbooks" / name, DOCS / "runbooks" / "ru" / name) for name in ENGLISH},
    "operating": (DOCS / "operating.md", DOCS / "operating.ru.md"),
}
CHAPTERS = ["Признак", "Где смотреть", "Что делать", "Как понять, что помогло"]
ROUTE = re.compile(r"`((?:GET|POST|PUT|DELETE) /[^`]*)`")
NOT_AN_ACT = {"POST /api/analyze"}  # our systems' own way in
SAID = {**json.loads((FOLDER / WORDS).read_text(encoding="utf-8")), **words()}
PAGES = sorted(DOCS.rglob("*.md"))
ASKS_FOR_A_REASON = re.compile(
    r"postcall(?: --env \w+)? (?:redrive \w|reconcile --|quarantine drop \w|resend [^`\n#]*--force)[^`\n#]*"
)
SHAPE = re.compile(r"^(#+|\d+\.|-|\|) ", re.MULTILINE)


def commands(text: str) -> set[str]:
    """What stands in backticks or in a block: commands, alarms, settings, statuses."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = {re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines()}
    rest = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"\s+", " ", each) for each in re.findall(r"`([^`]+)`", rest)} | lines


def test_every_runbook_has_a_russian_page_and_no_other_is_there() -> None:
    assert sorted(path.name for path in (DOCS / "runbooks" / "ru").glob("*.md")) == ENGLISH


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_say_the_same(name: str) -> None:
    english, russian = (path.read_text(encoding="utf-8") for path in PAIRS[name])
    assert SHAPE.findall(english) == SHAPE.findall(russian)
    assert commands(english) == commands(russian)
    assert re.search("[а-яё]", russian)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_a_command_that_is_asked_for_a_reason_gives_one(page: Path) -> None:
    """An environment's token may do nothing of these without; the local one may."""
    asked = ASKS_FOR_A_REASON.findall(page.read_text(encoding="utf-8"))
    assert [command for command in asked if not re.search("--(reason|preview|dry-run)", command)] == []


@pytest.mark.parametrize("name", [name for name in ENGLISH if name != "README.md"])
def test_a_russian_runbook_has_the_same_four_parts(name: str) -> None:
    text = PAIRS[name][1].read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == CHAPTERS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAIRS)
def test_a_page_names_the_console_s_buttons_by_their_words_and_no_route_of_an_act(name: str, language: str) -> None:
    page = name.removesuffix(".md")
    text = _pages(language)[page]
    shown = {each[language] for each in SAID.values()}
    if page != "README":
        assert {" ".join(bold.split()) for bold in re.findall(r"\*\*([^*]+)\*\*", text)} - shown == set()
    assert set(ROUTE.findall(text)) - NOT_AN_ACT == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_console_s_pages_lead_to_no_other_language(language: str) -> None:
    pages = _pages(language)
    assert {"operating", "README", "outcomes-unknown"} <= set(pages)
    assert not [name for name, text in pages.items() if "[По-русски](" in text or "[In English](" in text]


@pytest.mark.parametrize("folder", ["runbooks", "runbooks/ru"])
def test_the_first_page_lists_every_alarm_with_its_title_and_its_page(folder: str) -> None:
    pages = {path for path in (DOCS / folder).glob("*.md") if path.name != "README.md"}
    titles = {path.stem: path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for path in pages}
    first = (DOCS / folder / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[`([a-z0-9-]+)`\]\(([a-z0-9-]+)\.md\) \| (.+) \|$", first, re.MULTILINE)
    assert {name: title for name, _, title in rows} == titles
    assert all(name == page for name, page, _ in rows)
