"""A field map that is wrong stops the synthesis, with a sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from functions.dispatch import field_map as field_maps
from infra.environments import BadConfigurationError, load


def test_a_bad_field_map_fails_at_synthesis_naming_the_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text('[[field]]\nname = "Commentary"\nsource = "comment"\n', encoding="utf-8")
    real = field_maps.field_map
    monkeypatch.setattr(field_maps, "field_map", lambda name: real(name, tmp_path))
    with pytest.raises(BadConfigurationError) as refused:
        load("uat")
    assert "letter.toml, row 1 (Commentary): source 'comment' is none of" in str(refused.value)
