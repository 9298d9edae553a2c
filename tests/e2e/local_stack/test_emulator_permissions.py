"""With AUTH=true and USE_SSL=1 the emulated AWS enforces what the roles allow, over TLS."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.local_stack.emulated import emulator

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]


def test_a_role_without_the_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTH", "true")
    monkeypatch.setenv("USE_SSL", "1")
    with emulator(tmp_path) as emulated:
        assert emulated.call("/seen").status == 200
        assert emulated.call("/put").status == 500
        log = (emulated.directory.logs / "probe-web.log").read_text(encoding="utf-8")
        assert "AccessDeniedException" in log
        assert "dynamodb:PutItem" in log
        denied = json.loads((emulated.directory.logs / "denied.log").read_text(encoding="utf-8").splitlines()[-1])
        assert denied["action"] == "dynamodb:PutItem"
        assert denied["resource"].endswith(":table/probe")
        assert denied["principal"].endswith("/probe-web")
