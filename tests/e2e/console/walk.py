"""What is looked at on every page: nothing over an edge, one language, room for a finger, no fault for axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Response

from tests.e2e.console.browser import Console

FINGER = 44
PHONE, LAPTOP = 390, 1024  # each page is laid out in the other one as well
OVERLAPS = Path(__file__).with_name("overlaps.js").read_text(encoding="utf-8")
# What is wider than the window, and what stands out of it, unless it lies in a box that scrolls.
OVER_THE_EDGE = """[...document.querySelectorAll("body *")].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 1 && !each.closest(".unseen")
    && !each.closest(".scroll, pre, nav, .dead-letters, svg");
}).slice(0, 5).map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 60)}`)"""
# What a chart draws beyond its own edge.
BEYOND = """[...document.querySelectorAll("svg.chart, svg.bar, svg.share")].flatMap((svg) => {
  const edge = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("rect, text")].map((each) => each.getBoundingClientRect())
    .filter((box) => box.left < edge.left - 1 || box.right > edge.right + 1
      || box.top < edge.top - 1 || box.bottom > edge.bottom + 1);
}).length"""
# A cell so narrow that its text stands a letter or two a line.
SQUEEZED = """[...document.querySelectorAll("td, th, dd, li, p")]
  .filter((each) => each.checkVisibility() && each.textContent.trim().length > 8)
  .filter((each) => { const box = each.getBoundingClientRect(); return box.width > 0 && box.width < 56; })
  .map((each) => each.textContent.slice(0, 60))"""
TOO_SMALL = """least => [...document.querySelectorAll(`button, nav a, .views a, a.back, a.phone, a.who, a.button,
  summary, select, textarea, input:not([type=radio], [type=checkbox]), label.option`)]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".unseen"))
  .filter((each) => !(each.matches("a.who") && each.closest("tr")))
  .map((each) => [each.getBoundingClientRect(), each])
  .filter(([box]) => box.width > 1)
  .filter(([box, each]) => box.height < least - 0.5 || (box.width < least - 0.5 && !each.matches("a.who")))
  .map(([box, each]) => `${each.tagName}.${each.className} ${each.textContent} ${box.width} x ${box.height}`)"""
# What the page itself says: not the words of calls, code, ids, or what is quoted.
OWN_WORDS = """(() => {
  const copy = document.querySelector("main").cloneNode(true);
  copy.querySelectorAll("code, pre, .mono, bdi, .turns, .prose, .quotes, .next, .pairs dd, .who, [lang], option")
    .forEach((each) => each.remove());
  const texts = [];
  const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) texts.push(walk.currentNode.textContent);
  return [...texts, document.getElementById("top").innerText, document.getElementById("banner").innerText];
})()"""
QUOTED = re.compile('«[^»]*»|“[^”]*”|"[^"]*"')
# A sentence: that many words of one script with nothing but blanks and commas between.
LATIN = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]+){3,}[A-Za-z]{2,}")
CYRILLIC = re.compile("[а-яё]+", re.IGNORECASE)


class Watched:
    """One window, with every answer of the API that it has had."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.brought: list[Response] = []
        console.page.on("response", lambda answer: self.brought.append(answer) if "/api/" in answer.url else None)

    def faults(self, language: str, *, is_touched: bool) -> Iterator[str]:
        """Whatever is wrong with the page as it is now."""
        page = self.console.page
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            yield f"{wide} px too wide: {page.evaluate(OVER_THE_EDGE)}"
        if beyond := page.evaluate(BEYOND):
            yield f"{beyond} parts of charts are over their edge"
        if squeezed := page.evaluate(SQUEEZED):
            yield f"squeezed: {squeezed[:5]}"
        if is_touched and (small := page.evaluate(TOO_SMALL, FINGER)):
            yield f"too small: {small[:8]}"
        yield from (f"axe: {fault}" for fault in self.console.serious_faults())
        if foreign := self.foreign(language):
            yield f"not in its language: {foreign[:5]}"
        yield from self.console.faults
        yield from self.crowded()

    def crowded(self) -> Iterator[str]:
        """What lies over something else or is cut off, in the window's own width and in another."""
        page = self.console.page
        own = page.viewport_size
        assert own is not None
        other = LAPTOP if own["width"] == PHONE else PHONE
        yield from self.laid_out()
        page.set_viewport_size({"width": other, "height": own["height"]})
        yield from self.laid_out(is_anew=True)
        page.set_viewport_size(own)

    def laid_out(self, *, is_anew: bool = False) -> list[str]:
        """The same in the width of now; `is_anew` where the page was drawn in another."""
        width, found = self.console.page.evaluate(OVERLAPS, is_anew)
        return [f"{kind} at {width} px: {each[:5]}" for kind, each in found.items() if each]

    def foreign(self, language: str) -> list[str]:
        """Sentences of the other language, but for what the calls themselves say."""
        texts: Any = self.console.page.evaluate(OWN_WORDS)
        own = [QUOTED.sub("", text) for text in texts]
        calls = " ".join(answer.text() for answer in self.brought if "/runbooks/" not in answer.url)
        if language == "ru":
            return [found for text in own for found in LATIN.findall(text) if found not in calls]
        words = [CYRILLIC.findall(text.replace("Русский", "")) for text in own]
        return [" ".join(found) for found in words if any(word not in calls for word in found)]
