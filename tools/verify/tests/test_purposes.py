"""What the repository's lines are for."""

from __future__ import annotations

import pytest

from tools.verify.purposes import PURPOSES, declarations, lines_by_purpose, purpose_of


@pytest.mark.parametrize(
    ("path", "purpose"),
    [
        ("functions/intake/handler.py", "the product"),
        ("tools/verify/tests/test_purposes.py", "evidence"),
        ("tests/simulation/kernel.py", "evidence"),
        ("tests/unit/test_settings.py", "the product's tests"),
        ("tools/local/stack.py", "the local stack and other tools"),
        ("docs/proof.md", "evidence"),
        ("docs/console.md", "documents"),
        ("pyproject.toml", "locks and configuration"),
    ],
)
def test_a_file_is_for_one_thing(path: str, purpose: str) -> None:
    assert purpose_of(path) == purpose


def test_every_purpose_has_lines() -> None:
    assert set(lines_by_purpose("HEAD")) == set(PURPOSES)


def test_each_setting_is_declared_once() -> None:
    declared = declarations()
    assert declared["crm_timeout_seconds"] == declared["event_ttl_days"] == 1
    assert [name for name, times in declared.items() if times > 1] == []
