"""Which Chromium drives the console's pages: npm's pinned one, which install_browser.sh unpacks, else the system's."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tools.local.paths import ROOT

UNPACKED = ROOT / "node_modules" / ".browser"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Chromium:
    """A browser and the variables it needs beside those that are set."""

    executable: str
    environment: dict[str, str] = field(default_factory=dict)


def find_chromium(unpacked: Path = UNPACKED) -> Chromium | None:
    """The browser to drive; None where this machine has none."""
    if (unpacked / "chromium").exists():
        return Chromium(
            str(unpacked / "chromium"),
            {"LD_LIBRARY_PATH": str(unpacked / "lib"), "FONTCONFIG_FILE": str(unpacked / "fonts.conf")},
        )
    found = next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)
    return None if found is None else Chromium(found)
