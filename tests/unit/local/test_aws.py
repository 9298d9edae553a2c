"""The local stack reaches this machine only."""

from __future__ import annotations

import pytest

from tools.local.aws import EmulatedAws, NotLoopbackError


@pytest.mark.parametrize("url", ["http://127.0.0.1:4566", "https://[::1]:4566", "http://localhost:4566"])
def test_this_machine_is_deployed_to(url: str) -> None:
    assert EmulatedAws(url).endpoint_url == url


@pytest.mark.parametrize(
    "url",
    ["https://cloudformation.eu-central-1.amazonaws.com", "http://10.0.0.1:4566", "http://127.0.0.1.example.com", ""],
)
def test_any_other_machine_is_refused(url: str) -> None:
    with pytest.raises(NotLoopbackError, match="not on this machine"):
        EmulatedAws(url)
