"""What a browser test does where there is no browser: it is skipped and counted, or fails where one is required."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

REQUIRED = "POSTCALL_BROWSER"  # "required" in CI


def without_browser() -> NoReturn:
    """End the test that has no browser to drive."""
    why = "There is no Chromium on this machine, npm's or the system's: tools/local/install_browser.sh says why."
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(why)
    pytest.skip(why)
