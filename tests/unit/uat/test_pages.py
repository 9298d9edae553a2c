"""A report's Markdown and its page: our `code` and **bold** are markup, whatever else a text holds is text."""

from __future__ import annotations

import pytest

from tools.postcall.pages import cell, fenced, html_page, outside, prose

FOREIGN = (
    "<b>x</b>",
    "[x](https://evil.example)",
    "![x](https://evil.example/p.png)",
    "a | b",
    "*x* _y_",
    "\\",
    "&lt;",
)


@pytest.mark.parametrize("text", FOREIGN)
def test_a_foreign_text_is_shown_as_it_is(text: str) -> None:
    page = html_page(f"# T\n\n{prose(text)}\n\n| c |\n|---|\n| {cell(text)} |\n", language="en")
    body = page.partition("<main>")[2].partition("</main>")[0]
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert body.count(shown) == 2
    for tag in ("<b>", "<a ", "<img", "<em>"):
        assert tag not in body


def test_code_and_bold_are_ours_and_a_foreign_part_cannot_make_them() -> None:
    page = html_page(f"{prose('`A` is **on**: ' + outside('`b` **c**'))}", language="en")
    assert "<code>A</code> is <strong>on</strong>: ʼbʼ ∗∗c∗∗" in page


def test_a_fence_in_an_answer_does_not_end_ours() -> None:
    page = html_page(fenced("```\n# not a heading\n```"), language="en")
    assert "<h1" not in page
    assert "# not a heading" in page


def test_a_bar_within_code_ends_no_cell() -> None:
    page = html_page(f"| c |\n|---|\n| {cell('`a|b`')} |\n", language="en")
    assert '<td data-column="c"><code>a|b</code></td>' in page


def test_marks_become_classes_and_headings_have_ids() -> None:
    page = html_page("## ✅ Сценарий A\n\n> ✎ Замечания\n", language="ru", marks={"✅": "passed", "✎": "remarks"})
    assert '<h2 id="-сценарий-a" class="passed">Сценарий A</h2>' in page
    assert '<p class="remarks">Замечания</p>' in page
