"""The page of settings tells what the steps really read."""

import re

from infra.environments import Environment, sections
from infra.environments.shape import Shape
from infra.settings_page import PAGE, page


def test_the_page_is_what_the_steps_declare() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_setting_says_what_it_is_for_and_what_it_is_when_unset() -> None:
    rows = [line for line in page().split("## The environment")[0].splitlines() if line.startswith("| `")]

    assert len(rows) > 40
    assert all(len(cell.strip()) > 2 for row in rows for cell in row.strip("|").split(" | "))


def test_every_key_of_an_environment_s_file_has_a_row() -> None:
    shapes: list[type[Shape]] = [Environment]
    shapes += [each for each in vars(sections).values() if isinstance(each, type) and issubclass(each, Shape)]
    keys = {key for shape in shapes for key in shape.model_fields} - {"values"}
    shown = set(re.findall(r"^\| `(\w+)` \|", page(), re.MULTILINE)) | set(
        re.findall(r"^### `\[(\w+)", page(), re.MULTILINE)
    )

    assert keys - shown == set()


def test_a_bound_stands_in_its_row() -> None:
    assert "| `recovery_days` | a whole number, 1 to 35 | must be set |" in page()
    assert "| `kind` | one of `http`, `rest` | `http` |" in page()
