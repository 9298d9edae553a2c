"""What a caller said stays text in the terminal."""

import io

from rich.table import Table
from rich.text import Text

from tools.postcall.safe_console import SafeConsole


def shown(*renderables: object, colour: bool = False) -> str:
    out = io.StringIO()
    console = SafeConsole(file=out, width=60, force_terminal=colour, color_system="standard" if colour else None)
    for each in renderables:
        console.print(each, markup=False) if isinstance(each, str) else console.print(each)
    return out.getvalue()


def test_control_sequences_are_shown_and_not_obeyed() -> None:
    table = Table("said")
    table.add_row("a title \x1b]0;mine\x07 and \x9b2J")
    text = shown("clear \x1b[2J", Text("bell \x07\x7f"), table)

    assert not any(sign in text for sign in "\x1b\x07\x7f\x9b")
    assert "clear ␛[2J" in text
    assert "]0;mine" in text


def test_marks_of_direction_turn_no_number_round() -> None:
    assert "\u202e" not in shown("\u202e76 54 321")


def test_lines_and_styles_of_our_own_stay() -> None:
    text = shown("one\ntwo", Text("red", style="red"), colour=True)

    assert "one\ntwo" in text
    assert "\x1b[31mred\x1b[0m" in text
