"""What a cold start of the analysis loads, and what it must not."""

from __future__ import annotations

import json
import subprocess
import sys

LATE = ("openai", "httpx2", "pydantic", "asyncio", "phonenumbers", "email_validator", "dns", "idna.uts46data")
PROBE = f"""
import json, sys
import functions.analysis.handler
print(json.dumps([name for name in {LATE!r} if name in sys.modules]))
"""


def test_importing_the_handler_loads_neither_the_vendors_package_nor_the_contact_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, env={})  # noqa: S603 — our own interpreter
    assert json.loads(done.stdout) == []


def test_the_handler_is_imported_without_settings_and_without_a_network() -> None:
    probe = "import socket; socket.socket.connect = None\nimport functions.analysis.handler"
    subprocess.run([sys.executable, "-c", probe], check=True, env={})  # noqa: S603 — our own interpreter
