"""Which environment a command speaks to: its address and token, from the local stack, variables, or a file.

local: `.local/endpoints.json` (below $POSTCALL_LOCAL_DIR if set). uat and prod: $POSTCALL_UAT_API_URL and
$POSTCALL_UAT_TOKEN (…_PROD_…), else the file `~/.config/postcall/<env>.toml` with `api_url` and `token`, and optionally
`aws_profile` and `aws_region` for what needs AWS itself.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postcall.domain.said import said
from postcall.settings import http_url
from tools.local.endpoints import Endpoints, read_endpoints
from tools.local.paths import SHARED
from tools.postcall.errors import WrongUsage

ENVIRONMENTS = ("local", "uat", "prod")
_MEMBERS = ("api_url", "token", "aws_profile", "aws_region")


@dataclass(frozen=True)
class Target:
    """An environment as this machine reaches it; `local` is there for the local stack only."""

    env: str
    api_url: str
    token: str = field(repr=False)
    local: Endpoints | None = field(default=None, repr=False)
    aws_profile: str | None = None
    aws_region: str | None = None

    @property
    def prefix(self) -> str:
        """What the names of the environment's resources begin with."""
        return f"postcall-{self.env}"


def find_target(env: str, environment: Mapping[str, str] = os.environ) -> Target:
    """The environment's address and token.

    Raises:
        WrongUsage: With what is missing and where it belongs.
    """
    return _local(environment) if env == "local" else _remote(env, environment)


def config_file(env: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Where the settings of an environment may lie on this machine."""
    base = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME") or Path.home()) / ".config")
    return Path(base) / "postcall" / f"{env}.toml"


def is_readable_by_others(path: Path) -> bool:
    """Whether anybody but its owner may read the file."""
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _local(environment: Mapping[str, str]) -> Target:
    path = Path(environment.get("POSTCALL_LOCAL_DIR") or SHARED) / "endpoints.json"
    endpoints = read_endpoints(path)
    if endpoints is None:
        raise WrongUsage(said("cli.no_local", path=path))
    return Target("local", endpoints.api_url, endpoints.operator_token, local=endpoints)


def _remote(env: str, environment: Mapping[str, str]) -> Target:
    path = config_file(env, environment)
    found = _read(path) if path.exists() else {}
    for member in _MEMBERS:
        given = environment.get(f"POSTCALL_{env.upper()}_{member.upper()}", "").strip()
        if given:
            found[member] = given
    for member in ("api_url", "token"):
        if not found.get(member):
            variable = f"POSTCALL_{env.upper()}_{member.upper()}"
            raise WrongUsage(said("cli.unset", variable=variable, member=member, path=path))
    try:
        address = http_url(found["api_url"].rstrip("/"))
    except ValueError as error:
        raise WrongUsage(said("cli.api_url", env=env, error=error)) from error
    return Target(env, address, found["token"], None, found.get("aws_profile"), found.get("aws_region"))


def _read(path: Path) -> dict[str, str]:
    try:
        document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{path}: {error}.") from error
    except OSError as error:
        raise WrongUsage(f"{path}: {error.strerror}.") from error
    unknown = sorted(set(document) - set(_MEMBERS))
    if unknown:
        raise WrongUsage(said("cli.unknown_member", path=path, name=unknown[0], members=", ".join(_MEMBERS)))
    wrong = [name for name, value in document.items() if not isinstance(value, str)]
    if wrong:
        raise WrongUsage(said("cli.not_a_text", path=path, name=wrong[0]))
    return document
