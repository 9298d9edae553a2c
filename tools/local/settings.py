"""The local stack's settings, from the shell: read and checked before anything starts.

The outside systems' settings have the functions' own names and rules; they travel to the functions as parameters
of the template, so a change of setting needs no synthesis.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from functions.analysis.settings import Settings as AnalysisSettings
from functions.dispatch.settings import Settings as DispatchSettings
from functions.reconciliation.settings import Settings as ReconciliationSettings
from postcall.settings import SettingError, flag, parse_int, read_settings, setting
from postcall.shared_settings import OUTSIDE_SYSTEMS
from tools.local.paths import ROOT
from tools.simulators.crm.profiles import Landing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FIXED = {"openai_secret_id", "elevenlabs_api_secret_id"}  # names of the template's, not settings
OURS_ALONE = {"OPENAI_API_KEY", "ELEVENLABS_API_KEY", "ELEVENLABS_WEBHOOK_SECRET"}  # secrets, not parameters


@dataclasses.dataclass(frozen=True)
class StackSettings:
    """The settings of the local run itself.

    `elevenlabs_api_key` counts only together with ELEVENLABS_API_URL: a key that happens to lie in the shell must not
    bring real calls onto this machine.
    """

    elevenlabs_api_key: str | None = setting(default=None)
    elevenlabs_webhook_secret: str | None = setting(default=None)
    openai_api_key: str | None = setting(default=None)
    postcall_port: int | None = setting(parse_int(1, 65_535), default=None)
    postcall_keep_state: bool = setting(flag, default=False)
    postcall_local_dir: str = setting(default=str(ROOT / ".local"))


@dataclasses.dataclass(frozen=True)
class LocalSettings:
    """What `up` works with. `outside` holds the functions' variables that the shell sets, as text."""

    outside: dict[str, str]
    own_crm: bool
    own_elevenlabs: bool
    openai_api_key: str | None
    elevenlabs_api_key: str | None
    webhook_secret: str | None
    port: int | None
    keep_state: bool
    directory: Path


def read_local_settings(environment: Mapping[str, str]) -> LocalSettings:
    """Read and check all of them.

    Raises:
        SettingError: One sentence that names the first wrong variable.
    """
    parsed: dict[str, Any] = {}
    for name, field in _known().items():
        text = environment.get(name, "").strip()
        parsed[name] = _parsed(name, text, field.metadata["parse"]) if text else field.default
    given = {name: environment[name].strip() for name in _known() if environment.get(name, "").strip()}
    outside = {
        name: text for name, text in given.items() if name.startswith(OUTSIDE_SYSTEMS) and name not in OURS_ALONE
    }
    if "CRM_CA_BUNDLE" in outside:
        outside["CRM_CA_BUNDLE"] = str(Path(outside["CRM_CA_BUNDLE"]).resolve())  # functions run elsewhere
    landing = Landing()
    outside.setdefault("CRM_LANDING_ID", landing.id)
    outside.setdefault("CRM_TRUSTED_ORIGIN", landing.external_urls)
    _check_together(outside)
    return LocalSettings(
        outside=outside,
        own_crm="CRM_SERVICE_URL" in outside,
        own_elevenlabs="ELEVENLABS_API_URL" in outside,
        openai_api_key=parsed["OPENAI_API_KEY"],
        elevenlabs_api_key=parsed["ELEVENLABS_API_KEY"],
        webhook_secret=parsed["ELEVENLABS_WEBHOOK_SECRET"],
        port=parsed["POSTCALL_PORT"],
        keep_state=parsed["POSTCALL_KEEP_STATE"],
        directory=Path(parsed["POSTCALL_LOCAL_DIR"]).resolve(),
    )


def _check_together(outside: Mapping[str, str]) -> None:
    """The rules between dispatch's settings, by its own reading; the template sets the rest. Raises `SettingError`."""
    required = {
        field.name.upper(): "1"
        for field in dataclasses.fields(DispatchSettings)
        if field.default is dataclasses.MISSING and not field.name.upper().startswith(OUTSIDE_SYSTEMS)
    }
    simulated = {
        "EXTERNAL_CRM_ENABLED": "true",
        "EXTERNAL_CRM_DRY_RUN": "false",
        "CRM_SERVICE_URL": "http://127.0.0.1/",
    }
    read_settings(DispatchSettings, required | simulated | {"CRM_FIELD_MAP": "letter"} | dict(outside))


def unknown_settings(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and are none: a typing error would otherwise go unseen."""
    ours = ("EXTERNAL_CRM_", "CRM_", "POSTCALL_")
    others = (
        "POSTCALL_UAT_",
        "POSTCALL_PROD_",
        "POSTCALL_ENV",
        "POSTCALL_PYTHON",
    )  # the command line's and the setup's
    return sorted(
        name for name in environment if name.startswith(ours) and not name.startswith(others) and name not in _known()
    )


def _known() -> dict[str, dataclasses.Field[Any]]:
    """Every variable the shell may hold, with the field that says how it is read."""
    steps = (DispatchSettings, AnalysisSettings, ReconciliationSettings)
    functions = [field for step in steps for field in dataclasses.fields(step)]
    outside = [
        field for field in functions if field.name.upper().startswith(OUTSIDE_SYSTEMS) and field.name not in FIXED
    ]
    return {field.name.upper(): field for field in [*outside, *dataclasses.fields(StackSettings)]}


def _parsed(name: str, text: str, parse: Callable[[str], Any]) -> Any:  # noqa: ANN401 — whatever the parser makes
    try:
        return parse(text)
    except ValueError as error:
        raise SettingError(f"{name}: {error}") from error
