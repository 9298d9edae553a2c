"""The pictures of README and docs/console.md, taken anew: `make pictures`.

    python -m tools.verify.pictures [--out FOLDER]

The local stack is brought up, judges the sample call by its recorded judgement and takes in calls of invented people in
several states; then a real browser opens each page as a person would see it. Look at each picture before it is
committed. The stack is stopped afterwards.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.conftest import Stack, wait_until
from tests.e2e.console.browser import PAGE_TIMEOUT_MS, SWITCHES, Console, window
from tools.local.browser import find_chromium
from tools.local.paths import ROOT
from tools.local.recorded_judgement import MODEL, recorded
from tools.local.sample_call import fresh_call
from tools.simulators.model import ModelStub

IMAGES = ROOT / "docs" / "images"
STATE = ROOT / ".local"
PEOPLE = ("Алеся Новик", "Олег Дроздов", "Марина Ковальчук", "Янка Лес", "Тимур Зорин")
REFUSED = ("Вера Соболь", "Игнат Рудой")
UNCLEAR = "Нина Вербицкая"
Draw = Callable[[Console, dict[str, str]], None]


def bring(stack: Stack) -> dict[str, str]:
    """Calls in several states; the ids of those that are shown in full."""
    with ModelStub(recorded) as model:
        stack.up(OPENAI_API_KEY="recorded", OPENAI_BASE_URL=model.base_url, OPENAI_MODEL=MODEL)
        sample = fresh_call(secret=stack.endpoints["webhook_secret"], now=int(time.time()))
        headers = {"ElevenLabs-Signature": sample.signature, "Content-Type": "application/json"}
        stack.post_webhook(sample.body, headers)
        stack.rests(sample.conversation_id, "delivered")
    stack.up()
    for number, name in enumerate(PEOPLE):
        _call(stack, number, name, "delivered")
    for number, name in enumerate(REFUSED, len(PEOPLE)):
        stack.fault("landing_off")
        _call(stack, number, name, "rejected")
    stack.fault("close_after_commit")
    unclear = _call(stack, len(PEOPLE) + len(REFUSED), UNCLEAR, "unknown")
    wait_until(lambda: stack.depth("dispatch_dead_letters") > 0, what="there is a dead letter")
    return {"judged": sample.conversation_id, "unclear": unclear}


def _call(stack: Stack, number: int, name: str, status: str) -> str:
    event_id = f"lead-{int(time.time())}-{number}"
    stack.analyze(event_id, contacts={"full_name": name, "phone": f"+37529000000{number}"})
    stack.rests(event_id, status)
    return event_id


def _calls(console: Console, _ids: dict[str, str]) -> None:
    expect(console.page.get_by_role("row").nth(1)).to_be_attached()


def _judged(console: Console, ids: dict[str, str]) -> None:
    console.call(ids["judged"])
    expect(console.page.get_by_role("heading", name="Разговор")).to_be_visible()


def _numbers(console: Console, _ids: dict[str, str]) -> None:
    console.go("numbers")
    expect(console.page.get_by_text("Неделя").first).to_be_visible()


def _redrive(console: Console, _ids: dict[str, str]) -> None:
    console.go("queues")
    console.press("Посмотреть отложенные: Отправка")
    expect(console.dialog.get_by_label("Почему")).to_be_visible()


def _resolve(console: Console, ids: dict[str, str]) -> None:
    console.call(ids["unclear"])
    console.press("Решить исход")
    console.dialog.get_by_role("radio", name="Лид есть").check()
    console.dialog.get_by_label("Где и что вы увидели").fill("Лид в разделе «Лиды».")


def _runbook(console: Console, _ids: dict[str, str]) -> None:
    console.go("runbook/outcomes-unknown")
    expect(console.page.locator("article h1")).to_be_visible()


def _guide(console: Console, _ids: dict[str, str]) -> None:
    console.go("guide")
    expect(console.page.locator("article h1")).to_be_visible()


PHONE = (390, 844)
PICTURES: dict[str, tuple[tuple[int, int], str, Draw]] = {
    "console-calls": ((1440, 900), "light", _calls),
    "console-call": ((1360, 860), "light", _judged),
    "console-numbers-dark": ((1440, 1000), "dark", _numbers),
    "console-phone": (PHONE, "light", _calls),
    "console-phone-call": (PHONE, "dark", _judged),
    "console-redrive": ((1360, 860), "light", _redrive),
    "console-resolve": ((1360, 860), "light", _resolve),
    "console-runbook": ((1440, 700), "light", _runbook),
    "console-guide": ((1440, 900), "light", _guide),
}


@contextmanager
def _browser() -> Iterator[Browser]:
    """Raises `RuntimeError` where there is none."""
    found = find_chromium()
    if found is None:
        raise RuntimeError("There is no Chromium here: tools/local/install_browser.sh brings one.")
    expect.set_options(timeout=PAGE_TIMEOUT_MS)
    with sync_playwright() as playwright:
        environment: dict[str, str | float | bool] = {**os.environ, **found.environment}
        running = playwright.chromium.launch(executable_path=found.executable, args=SWITCHES, env=environment)
        yield running
        running.close()


def take(stack: Stack, ids: dict[str, str], folder: Path) -> None:
    """Every picture, each in a window of its own, once nothing on the page is loading."""
    with _browser() as browser:
        for name, ((width, height), scheme, draw) in PICTURES.items():
            console = window(
                browser,
                stack,
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            console.enter()
            draw(console, ids)
            expect(console.page.locator(".loading")).to_have_count(0)
            expect(console.page.locator("#place")).to_be_visible()
            expect(console.page.locator("nav .count")).to_have_count(2)  # of calls and of queues
            console.page.screenshot(path=folder / f"{name}.png")
            console.page.context.close()
            print(f"taken: {name}", flush=True)


def main() -> None:
    """Bring up, take, stop."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.pictures", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=IMAGES, metavar="FOLDER", help="where they go (docs/images)")
    folder: Path = parser.parse_args().out
    stack = Stack(STATE)
    try:
        take(stack, bring(stack), folder)
    finally:
        stack.command("down")


if __name__ == "__main__":
    main()
