"""Make docs/settings.md, the page of all settings: `python -m infra.settings_page`.

It is read off the steps' own `Settings`, so that no table of settings is kept by hand.
"""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import Any, Final

from infra.environment_page import environment_sections
from infra.environments.step_settings import SETTINGS, chosen_fields
from infra.resources.dependency_layer import ROOT

PAGE: Final = ROOT / "docs" / "settings.md"
INTRODUCTION: Final = """# Settings

Made by `make docs` from the steps' own declarations (`functions/<step>/settings.py`); a test holds it against them.

The local stack takes the settings of outside systems (`EXTERNAL_CRM_…`, `CRM_…`, `OPENAI_…`, `ELEVENLABS_…`) from the
shell: `EXTERNAL_CRM_DRY_RUN=true make up`. UAT and prod take all of them from `infra/environments/<name>.toml`, where
a section and a key make the variable: `timeout_seconds` in `[crm]` is `CRM_TIMEOUT_SECONDS`. A wrong value is one
sentence that names the variable: at `make synth` and `make deploy`, at `make up`, and at a function's start alike.
Secrets are never settings: they lie in Secrets Manager, locally in `.local`.

| variable | meaning | default | read by |
|---|---|---|---|
"""


def page() -> str:
    """The whole page, as Markdown."""
    rows: dict[str, tuple[dataclasses.Field[Any], list[str]]] = {}
    for step in SETTINGS:
        for field in chosen_fields(step):
            rows.setdefault(field.name.upper(), (field, []))[1].append(step)
    lines = [
        f"| `{name}` | {field.metadata['about']} | {_default(field)} | {', '.join(steps)} |"
        for name, (field, steps) in rows.items()
    ]
    return INTRODUCTION + "\n".join(lines) + "\n" + environment_sections()


def _default(field: dataclasses.Field[Any]) -> str:
    value = field.default
    if value is dataclasses.MISSING:
        return "must be set"
    if value is None or value == ():
        return "none"
    words = type(value) if isinstance(value, StrEnum) else None
    others = f" of {', '.join(f'`{name}`' for name in words)}" if words else ""
    return f"`{','.join(value) if isinstance(value, tuple) else value}`{others}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
