"""The browser of the console's tests: npm's before the system's, and none is never silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.no_browser import REQUIRED, without_browser
from tools.local.browser import Chromium, find_chromium


def executable(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.touch(mode=0o700)
    return path


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only commands lie in this folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_the_pinned_browser_comes_before_the_systems_and_brings_its_libraries(tmp_path: Path, system: Path) -> None:
    executable(system, "chromium")
    pinned = executable(tmp_path / "unpacked", "chromium")

    found = find_chromium(tmp_path / "unpacked")

    assert found is not None
    assert found.executable == str(pinned)
    assert found.environment["LD_LIBRARY_PATH"] == str(tmp_path / "unpacked" / "lib")


def test_without_the_pinned_one_the_systems_is_driven(tmp_path: Path, system: Path) -> None:
    browser = executable(system, "google-chrome")

    assert find_chromium(tmp_path / "unpacked") == Chromium(str(browser))


@pytest.mark.usefixtures("system")
def test_a_machine_may_have_none(tmp_path: Path) -> None:
    assert find_chromium(tmp_path / "unpacked") is None


def test_a_test_without_a_browser_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRED, raising=False)

    with pytest.raises(pytest.skip.Exception, match="no Chromium"):
        without_browser()


def test_a_test_without_a_browser_fails_where_one_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRED, "required")

    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        without_browser()
