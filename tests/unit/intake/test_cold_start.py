"""What importing intake's handler brings in: each import is paid on every cold start, while ElevenLabs waits."""

from __future__ import annotations

import subprocess
import sys

FORBIDDEN = {
    "httpx",
    "openai",
    "pydantic",
    "html.parser",
    "importlib.metadata",
    "requests",
    "email_validator",
    "phonenumbers",
    "elevenlabs",
    "asyncio",
}
IMPORT = "import functions.intake.handler, sys; print(*sys.modules)"


def test_the_handlers_import_stays_small_and_needs_no_environment() -> None:
    done = subprocess.run(  # noqa: S603 — our own interpreter
        [sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True, env={"PATH": "/usr/bin"}
    )
    loaded = set(done.stdout.split())
    assert "functions.intake.handler" in loaded
    assert not FORBIDDEN & loaded
    assert not any(name.startswith("functions.") and not name.startswith("functions.intake") for name in loaded)
    assert not any(name.split(".")[0] in {"infra", "tools", "tests"} for name in loaded)
    assert len(loaded) < 600  # most of them botocore's
