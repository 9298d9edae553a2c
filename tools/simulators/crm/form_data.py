"""From the body's bytes to the form's fields, as strict and as lenient as the .NET JSON serializer.

Unknown members are skipped, absent ones are null; a number or a boolean arrives as its text; a value that nests, a
wrong type or bytes that are not JSON in UTF-8 or UTF-16 are refused as a whole.
"""

from dataclasses import dataclass, replace
from email.message import Message
from typing import Any

from tools.simulators.crm.dotnet_json import read
from tools.simulators.crm.exchange import BadBody, NotDecoded

# What the header may name; None where the bytes alone decide.
_CHARSETS = {"": None, "utf-16": None, "utf-8": "utf-8", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}


@dataclass(frozen=True)
class Field:
    """One `{name, value}` pair; both may be null."""

    name: str | None
    value: str | None

    @property
    def is_empty(self) -> bool:
        return not (self.value or "").strip()

    def renamed(self, name: str) -> "Field":
        return replace(self, name=name)


@dataclass(frozen=True)
class Form:
    """The wire's `formData`. `options` is None when it was not sent; `fields` None means the contract was not met."""

    form_id: str | None
    fields: tuple[Field, ...] | None
    contact_fields: tuple[Field, ...]
    options: dict[str, bool] | None

    def option(self, name: str) -> bool:
        return bool(self.options and self.options.get(name))


def decoded(content_type: str, body: bytes) -> dict[str, Any]:
    """The body's object. Raises BadBody for another content type or charset, and for what is not a JSON object.

    Raises NotDecoded for bytes in another encoding than the header names.

    Raises:
        BadBody: A body that the .NET deserializer refuses: the "Request Error" page, status 400 on both platforms.
    """
    header = Message()
    header["Content-Type"] = content_type
    if header.get_content_type() not in {"application/json", "text/json"} or not content_type:
        raise BadBody("content type")
    charset = str(header.get_content_charset() or "").lower()
    if charset not in _CHARSETS:
        raise BadBody("charset")
    return read(_text_of(body, _CHARSETS[charset])) if body else {}


def _text_of(body: bytes, expected: str | None) -> str:
    """The encoding shows in the first two bytes: one of them is NUL in UTF-16. A byte order mark is no JSON."""
    match [bool(byte) for byte in body[:2]]:
        case [False, True]:
            found = "utf-16-be"
        case [True, False]:
            found = "utf-16-le"
        case [False, False]:
            raise NotDecoded("UTF-32")
        case _:
            found = "utf-8"
    if expected not in {None, found}:
        raise NotDecoded("another encoding than the header's")
    try:
        return body.decode(found)
    except ValueError as error:
        raise (BadBody if found == "utf-8" else NotDecoded)("not in this encoding") from error


def form(body: dict[str, Any]) -> Form | None:
    """The form of a decoded body, None when it has no `formData`. Raises BadBody.

    Raises:
        BadBody: A body that the .NET deserializer refuses: the "Request Error" page, status 400 on both platforms.
    """
    data = body.get("formData")
    if data is None:
        return None
    if not isinstance(data, dict):
        raise BadBody("formData")
    return Form(
        form_id=_text(data.get("formId")),
        fields=pairs(data.get("formFieldsData")),
        contact_fields=pairs(data.get("contactFieldsData")) or (),
        options=_options(data.get("options")),
    )


def pairs(found: object) -> tuple[Field, ...] | None:
    """The fields of an array of `{name, value}`; a null element counts as a pair without a name. Raises BadBody.

    An object, whatever it holds, and an empty text are read as an empty array.

    Raises:
        BadBody: A body that the .NET deserializer refuses: the "Request Error" page, status 400 on both platforms.
    """
    if found is None:
        return None
    if isinstance(found, dict) or found == "":
        return ()
    if not isinstance(found, list):
        raise BadBody("not an array")
    return tuple(_pair(item) for item in found)


def _pair(item: object) -> Field:
    if item is None:
        return Field(None, None)
    if not isinstance(item, dict):
        raise BadBody("not a pair")
    return Field(_text(item.get("name")), _text(item.get("value")))


def _text(value: object) -> str | None:
    if isinstance(value, dict | list):
        if value:
            raise BadBody("nested value")
        return ""
    if value is None:
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _options(found: object) -> dict[str, bool] | None:
    if found is None:
        return None
    if found in ("", []):
        return {}
    if not isinstance(found, dict):
        raise BadBody("options")
    return {str(name): _flag(value) for name, value in found.items() if name in _OPTIONS}


_OPTIONS = ("extendResponseWithExceptionType", "disableRefererPolicy")


def _flag(value: object) -> bool:
    """A boolean, or its word or number with spaces around it; anything else is not deserializable, null neither."""
    words = {"true": True, "1": True, "false": False, "0": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip() in words:
        return words[value.strip()]
    raise BadBody("options")
