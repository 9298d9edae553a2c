"""What the report says about the environment itself: the settings in force, the field map, the address to allowlist."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from functions.dispatch.field_map import field_map
from functions.dispatch.probe import settings_in_force
from infra.environments import Environment as Configured
from infra.environments import load
from tools.postcall.dispatch_commands import Dispatch
from tools.postcall.errors import CliError

NAMES = {"uat": "UAT", "local": "локальный стенд", "prod": "prod"}


@dataclass(frozen=True)
class Environment:
    """`reachable` is whether the dispatch function can be asked, and probes made; else `why` says why not."""

    env: str
    settings: Mapping[str, Any]
    field_map: tuple[Mapping[str, Any], ...]
    static_ips: tuple[str, ...]
    reachable: bool
    why: str = ""

    @property
    def name(self) -> str:
        """The environment in the report's words."""
        return NAMES.get(self.env, self.env)

    @property
    def crm_sentence(self) -> str:
        """What stands in the CRM's place."""
        return "Вместо CRM отвечал имитатор." if self.env == "local" else "Отвечала сама CRM."

    @property
    def sends(self) -> bool:
        """Whether leads really go out."""
        return bool(self.settings["EXTERNAL_CRM_ENABLED"]) and not self.settings["EXTERNAL_CRM_DRY_RUN"]

    @property
    def url(self) -> str:
        """The CRM's service."""
        return str(self.settings["CRM_SERVICE_URL"])


def look_around(env: str, dispatch: Dispatch) -> Environment:
    """The environment as its dispatch function tells it, or as its file in the repository has it."""
    try:
        sentence = dispatch.settings()
        return Environment(
            env, sentence["settings"], tuple(sentence["field_map"]), _addresses(dispatch), reachable=True
        )
    except CliError as error:
        settings = as_configured(load(env))
        rows = tuple(asdict(row) for row in field_map(str(settings["CRM_FIELD_MAP"])))
        return Environment(env, settings, rows, _addresses(dispatch), reachable=False, why=str(error))


def as_configured(configured: Configured) -> dict[str, Any]:
    """The settings that a deployment of this checkout would put in force."""
    settings: dict[str, Any] = settings_in_force(configured.dispatch)["settings"]
    return settings


def version() -> str:
    """This checkout's version."""
    document = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    return str(document["project"]["version"])


def _addresses(dispatch: Dispatch) -> tuple[str, ...]:
    try:
        return tuple(dispatch.static_ips())
    except CliError:
        return ()
