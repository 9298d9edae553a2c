"""How the simulated CRM is set up: one immutable configuration, and the profiles to start from.

A request works on the configuration it found at its beginning, so a change in the middle of a test is never half seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from tools.simulators.crm.entity import ANALYTICS_COLUMNS, COLUMN_TYPES, CUSTOMER_COLUMNS, STOCK_LEAD, Column, roomy
from tools.simulators.http.messages import BadRequest

LANDING_ID = "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b"

Profile = Literal["as-in-the-letter", "stock", "after-columns-added", "after-columns-added-unique"]
PROFILES: tuple[Profile, ...] = ("as-in-the-letter", "stock", "after-columns-added", "after-columns-added-unique")
DEFAULT_PROFILE: Profile = "as-in-the-letter"


class ConfigurationError(BadRequest):
    """A setting that does not exist or does not fit; the sentence names it."""


@dataclass(frozen=True)
class Landing:
    """A landing's card. `external_urls` is the raw text of «Адрес лендинга»."""

    id: str = LANDING_ID
    name: str = "LLM Analytics"
    active: bool = True
    external_urls: str = "https://mir.utlik.pro"
    entity: str = "Lead"
    create_contact: bool = False
    contact_process: bool = False
    defaults: Mapping[str, str] = field(default_factory=lambda: {"RegisterMethod": "Лендинг"})


@dataclass(frozen=True)
class Lookup:
    """A reference book: the values it starts with and whether a text it lacks may be added."""

    values: tuple[str, ...] = ()
    auto_create: bool = True


_BOOKS = {
    "LeadRegisterMethod": Lookup(("Лендинг", "Вручную")),
    "LeadSource": Lookup(("Сайт", "Реклама")),
    "City": Lookup(("Минск", "Гродно", "Брест"), auto_create=False),
    "Country": Lookup(("Беларусь",), auto_create=False),
    "Region": Lookup(("Минская область",), auto_create=False),
}


@dataclass(frozen=True)
class Configuration:
    """Everything about the CRM that a test or a UAT finding may want to change."""

    profile: str = DEFAULT_PROFILE
    accepts_letter: bool = True
    letter_duplicates: Literal["second_lead", "no_op", "conflict"] = "second_lead"
    letter_requires_contact: Literal["none", "any", "phone", "email"] = "none"
    platform: Literal["netframework", "net8"] = "netframework"
    culture: Literal["ru", "en"] = "ru"
    database: Literal["mssql", "postgres"] = "mssql"
    async_feature: bool = True
    async_delay_seconds: float = 0.05
    save_seconds: float = 0.0
    max_requests_per_second: float = 0.0  # above it: 429; 0 is no limit
    max_message_bytes: int = 65_536
    quoted_keys: bool = False
    code_first: bool = False
    odata: bool = False
    ip_allowlist: tuple[str, ...] = ()
    landings: Mapping[str, Landing] = field(default_factory=lambda: {LANDING_ID: Landing()})
    columns: tuple[Column, ...] = STOCK_LEAD
    lookups: Mapping[str, Lookup] = field(default_factory=lambda: dict(_BOOKS))

    @property
    def base_path(self) -> str:
        """The workspace prefix of the .NET Framework build; the .NET build has none."""
        return "/0" if self.platform == "netframework" else ""


def configuration(profile: str) -> Configuration:
    """The named profile. Raises ConfigurationError for a name that is none.

    Raises:
        ConfigurationError: A setting that does not exist or does not fit; the sentence names it.
    """
    columns: dict[str, tuple[Column, ...]] = {
        "as-in-the-letter": STOCK_LEAD + roomy(CUSTOMER_COLUMNS + ANALYTICS_COLUMNS),
        "stock": STOCK_LEAD + CUSTOMER_COLUMNS,
        "after-columns-added": STOCK_LEAD + CUSTOMER_COLUMNS + ANALYTICS_COLUMNS,
        "after-columns-added-unique": STOCK_LEAD + CUSTOMER_COLUMNS + _unique_event(ANALYTICS_COLUMNS),
    }
    if profile not in columns:
        raise ConfigurationError(f"profile must be one of {', '.join(PROFILES)}, not {profile!r}")
    return Configuration(profile=profile, accepts_letter=profile == "as-in-the-letter", columns=columns[profile])


def _unique_event(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(replace(column, unique=column.name == "UsrEventId") for column in columns)


def changed(config: Configuration, changes: Mapping[str, Any]) -> Configuration:
    """The configuration with the changes; landings, columns and lookups are merged by name, None removes one.

    Raises:
        ConfigurationError: A setting that does not exist or does not fit; the sentence names it.
    """
    known = {item.name: getattr(config, item.name) for item in fields(Configuration)}
    plain: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in known:
            raise ConfigurationError(f"there is no setting {name!r}; there are {', '.join(sorted(known))}")
        plain[name] = _merged(name, known[name], value)
    return replace(config, **plain)


def _merged(name: str, old: Any, new: Any) -> Any:  # noqa: ANN401 — a setting's value may be of any of the types above
    match name:
        case "landings":
            return _merge_named(old, new, Landing, key="id")
        case "lookups":
            return _merge_named(old, new, Lookup)
        case "columns":
            merged = _merge_named({column.name: column for column in old}, new, Column, key="name")
            return tuple(merged.values())
        case "ip_allowlist" if isinstance(new, list | tuple):
            return tuple(str(address) for address in new)
    if name in _CHOICES and new not in _CHOICES[name]:
        raise ConfigurationError(f"{name} must be one of {', '.join(_CHOICES[name])}, not {new!r}")
    if isinstance(old, float) and type(new) in (int, float):
        return float(new)
    if type(new) is not type(old):
        raise ConfigurationError(f"{name} must be of type {type(old).__name__}, not {type(new).__name__}")
    return new


_CHOICES: dict[str, tuple[str, ...]] = {
    "letter_duplicates": ("second_lead", "no_op", "conflict"),
    "letter_requires_contact": ("none", "any", "phone", "email"),
    "platform": ("netframework", "net8"),
    "culture": ("ru", "en"),
    "database": ("mssql", "postgres"),
}


def _merge_named(old: Mapping[str, Any], new: object, kind: type, key: str | None = None) -> dict[str, Any]:
    """The named things with the changes to each; `key` is the attribute that repeats the name."""
    if not isinstance(new, Mapping):
        raise ConfigurationError(f"{kind.__name__.lower()}s must be an object of names, not {new!r}")
    merged = dict(old)
    for name, change in new.items():
        if change is None:
            merged.pop(name, None)
            continue
        start = merged[name] if name in merged else kind(**({key: name} if key else {}))
        merged[name] = replace(start, **_attributes(f"{kind.__name__.lower()} {name!r}", start, change))
    return merged


def _attributes(owner: str, start: Any, change: object) -> dict[str, Any]:  # noqa: ANN401 — one of the three kinds
    """The changed attributes of one landing, column or lookup. Raises ConfigurationError naming the attribute."""
    if not isinstance(change, Mapping):
        raise ConfigurationError(f"{owner} must be an object or null, not {change!r}")
    values: dict[str, Any] = {}
    for attribute, given in change.items():
        value = tuple(given) if isinstance(given, list) else given
        if attribute not in {item.name for item in fields(start)}:
            raise ConfigurationError(f"{owner} has no setting {attribute!r}")
        if type(value) is not type(getattr(start, attribute)):
            raise ConfigurationError(f"{attribute} of {owner} does not take {given!r}")
        if attribute == "type" and value not in COLUMN_TYPES:
            raise ConfigurationError(f"type of {owner} must be one of {', '.join(COLUMN_TYPES)}")
        values[attribute] = value
    return values
