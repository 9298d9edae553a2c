"""The page of settings tells what the steps really read."""

from infra.settings_page import PAGE, page


def test_the_page_is_what_the_steps_declare() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_setting_says_what_it_is_for_and_what_it_is_when_unset() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]

    assert len(rows) > 40
    assert all(len(cell.strip()) > 2 for row in rows for cell in row.strip("|").split(" | "))
