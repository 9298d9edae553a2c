"""The Lead's columns and what a text becomes in each type of column.

Sizes and conversions follow the import code of the stock product: a text is cut and trimmed without a word, a bad
number or date is reported while the record is saved without it.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

ColumnType = Literal["text", "integer", "float", "datetime", "boolean", "guid", "lookup"]
COLUMN_TYPES = get_args(ColumnType)
Value = str | int | float | bool

SHORT, MEDIUM, LONG = 50, 250, 500
UNLIMITED = 0

_HYPHENED = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_GUID = re.compile(rf"{_HYPHENED}|\{{{_HYPHENED}\}}|\({_HYPHENED}\)|[0-9a-f]{{32}}", re.IGNORECASE)
_OLE_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 — the CRM keeps local times without a zone
_TRUE = frozenset({"true", "1", "yes", "y", "да", "+"})
_FALSE = frozenset({"false", "0", "no", "n", "нет", "-"})
_CULTURE_DATES = {
    "ru": ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"),
    "en": ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M", "%m/%d/%Y"),
}


@dataclass(frozen=True)
class Column:
    """One column of the entity; `size` counts characters of a text (0 = unlimited), `table` names a lookup's book."""

    name: str
    type: ColumnType = "text"
    size: int = MEDIUM
    table: str = ""
    required: bool = False
    default: str = ""
    unique: bool = False

    @property
    def stored_name(self) -> str:
        """The name in the database: the lookup `LeadSource` is stored as `LeadSourceId`; a form may use both."""
        return f"{self.name}Id" if self.type == "lookup" or self.table else self.name


class NotConvertible(ValueError):
    """The text does not fit the column's type; the record is saved without the column."""


def guid(text: str | None) -> str | None:
    """The text as a lower-case hyphenated GUID, or None. Accepts what .NET's `Guid.TryParse` accepts in practice."""
    if text is None or not _GUID.fullmatch(text.strip()):
        return None
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def convert(text: str, column: Column, culture: str) -> Value:
    """The value that is saved in a column which is not a lookup. Raises NotConvertible.

    Raises:
        NotConvertible: The text does not fit the column's type; the record is saved without the column.
    """
    match column.type:
        case "integer":
            return _integer(text)
        case "float":
            return _float(text)
        case "datetime":
            return _moment(text, culture).isoformat(sep=" ")
        case "boolean":
            return _boolean(text)
        case "guid":
            if (found := guid(text)) is None:
                raise NotConvertible
            return found
        case _:
            return cut(text, column)


def cut(text: str, column: Column) -> str:
    """Cut to the column's size first, trimmed after: the order matters for a text that begins with spaces.

    The size counts UTF-16 units as .NET and the database do, so a cut may halve a character, which then is a U+FFFD.
    """
    if not is_too_long(text, column):
        return text.strip()
    return text.encode("utf-16-le")[: 2 * column.size].decode("utf-16-le", "replace").strip()


def is_too_long(text: str, column: Column) -> bool:
    return bool(column.size) and len(text.encode("utf-16-le")) > 2 * column.size


def _integer(text: str) -> int:
    if not re.fullmatch(r"\s*[+-]?[0-9]+\s*", text):
        raise NotConvertible
    number = int(text)
    if not -(2**31) <= number < 2**31:
        raise NotConvertible
    return number


def _float(text: str) -> float:
    plain = text.strip().replace(",", ".")
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?|[+-]?\.[0-9]+", plain):
        raise NotConvertible
    return float(plain)


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise NotConvertible


def _moment(text: str, culture: str) -> datetime:
    """A number is tried first, as an OLE date (days since 30.12.1899): so "2026" is a day of the year 1905."""
    try:
        return _OLE_EPOCH + timedelta(days=_float(text))
    except (NotConvertible, OverflowError):
        pass
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        pass
    for pattern in _CULTURE_DATES[culture]:
        try:
            return datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 — local time without a zone, as the CRM keeps it
        except ValueError:
            continue
    raise NotConvertible


def by_name(columns: tuple[Column, ...]) -> dict[str, Column]:
    """The columns under each name a form may use for them."""
    named = {column.stored_name: column for column in columns}
    return named | {column.name: column for column in columns}


def _texts(size: int, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, size=size) for name in names)


def _lookups(**tables: str) -> tuple[Column, ...]:
    return tuple(Column(name, "lookup", table=table) for name, table in tables.items())


STOCK_LEAD = (
    Column("Id", "guid"),
    *_texts(LONG, "LeadName"),
    *_texts(
        MEDIUM, "Account", "Contact", "FullJobTitle", "MobilePhone", "BusinesPhone", "Email", "Fax", "Website", "Dear"
    ),
    *_texts(MEDIUM, "CityStr", "CountryStr", "RegionStr"),
    *_texts(SHORT, "Zip"),
    *_texts(UNLIMITED, "Commentary", "Address", "BpmHref", "BpmRef"),
    Column("DoNotUseEmail", "boolean"),
    Column("WebForm", "guid", table="GeneratedWebForm"),
    *_lookups(LeadType="LeadType", LeadSource="LeadSource", LeadMedium="LeadMedium", QualifyStatus="QualifyStatus"),
    *_lookups(Owner="Contact", QualifiedContact="Contact", RegisterMethod="LeadRegisterMethod"),
    *_lookups(City="City", Country="Country", Region="Region"),
)

CUSTOMER_COLUMNS = (
    *_texts(MEDIUM, "UsrQualificationComment", "UsrTSId", "UsrRegion"),
    *_texts(MEDIUM, "UsrPhoneNumberCode", "UsrTelephoneNumberForCode"),
    Column("UsrMinskMir", "boolean"),
    Column("UsrSquare", "float"),
    *_lookups(UsrProject="UsrProject", UsrTSLeadStatus="UsrTSLeadStatus"),
)
"""The customer's own columns that the correspondence shows; their types are a guess until a UAT tells."""

ANALYTICS_COLUMNS = (
    *_texts(SHORT, "UsrEventId", "UsrAgentId", "UsrConversationId"),
    *_texts(MEDIUM, "UsrQualificationTopic", "UsrIntent"),
    Column("UsrQualityScore", "integer"),
)
"""The six columns of the letter that the customer's list of Lead columns does not have."""


def roomy(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The same columns without a limit: the letter names no lengths, so its profile cuts nothing."""
    return tuple(replace(column, size=UNLIMITED if column.type == "text" else column.size) for column in columns)
