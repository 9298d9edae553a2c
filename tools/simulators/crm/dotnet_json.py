"""JSON as .NET's `DataContractJsonSerializer` reads it: lenient with ends and numbers, strict with two characters.

What it takes and refuses was seen by running it (docs/contracts/bpmsoft-simulator.md, "The reader").
"""

import json
import re
from typing import Any

from tools.simulators.crm.exchange import BadBody

DEPTH_LIMIT = 126
_STRINGS = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"[^\s,\]}\[{:\"]+")
_WORDS = {"true": True, "false": False, "null": None}
_STARTS_A_NUMBER = frozenset("-0123456789NI")  # NaN and Infinity too
_UNREADABLE = re.compile("[\ufffe\uffff]")
_BEHIND = re.compile(r"[ \t\r\n\x00}]*")


def read(text: str) -> dict[str, Any]:
    """The object in a body. Raises BadBody.

    Raises:
        BadBody: A body that the .NET deserializer refuses: the "Request Error" page, status 400 on both platforms.
    """
    if _UNREADABLE.search(text):
        raise BadBody("a character that the reader refuses")
    reader = _Reader(text)
    found: dict[str, Any] | None = None
    while found is None or reader.position < len(text):
        found = reader.object(depth=1)
        reader.skip(_BEHIND)
    return found


class _Reader:
    """A position in a text, and what can be read there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def skip(self, what: re.Pattern[str] = _SPACE) -> None:
        found = what.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def object(self, *, depth: int) -> dict[str, Any]:
        """An object; the braces that should close it may be missing at the very end.

        Raises:
            BadBody: A body that the .NET deserializer refuses: the "Request Error" page, status 400 on both
                platforms.
        """
        self._take("{")
        members: dict[str, Any] = {}
        while not self._ends("}"):
            name = self._name()
            if depth > 1 and (name in members or (name == "__type" and not members)):
                raise BadBody("a member that the reader refuses")
            self._take(":")
            members[name] = self._value(depth + 1)
            self._comma("}")
        return members

    def _value(self, depth: int) -> Any:  # noqa: ANN401 — any JSON
        if depth > DEPTH_LIMIT:
            raise BadBody("nested too deep")
        self.skip()
        match self.text[self.position : self.position + 1]:
            case "{":
                return self.object(depth=depth)
            case "[":
                return self._array(depth)
            case '"':
                return self._string()
            case _:
                return self._word()

    def _array(self, depth: int) -> list[Any]:
        self._take("[")
        values: list[Any] = []
        while not self._ends("]"):
            values.append(self._value(depth + 1))
            self._comma("]")
        return values

    def _word(self) -> Any:  # noqa: ANN401 — any JSON
        found = _WORD.match(self.text, self.position)
        word = found.group() if found else ""
        self.position += len(word)
        if word in _WORDS:
            return _WORDS[word]
        if word[:1] not in _STARTS_A_NUMBER or not word:
            raise BadBody("not JSON")
        return word

    def _name(self) -> str:
        self.skip()
        return self._string()

    def _string(self) -> str:
        self._take('"')
        try:
            found, self.position = _STRINGS.raw_decode(self.text, self.position - 1)
        except ValueError as error:
            raise BadBody("not JSON") from error
        return str(found)

    def _take(self, mark: str) -> None:
        self.skip()
        if self.text[self.position : self.position + 1] != mark:
            raise BadBody("not JSON")
        self.position += 1

    def _ends(self, mark: str) -> bool:
        """Whether the object or array ends here; for an object, the text's end is its end."""
        self.skip()
        if mark == "}" and self.position >= len(self.text):
            return True
        if self.text[self.position : self.position + 1] != mark:
            return False
        self.position += 1
        return True

    def _comma(self, end: str) -> None:
        """What stands between two values, or before an end; a comma too many is none the worse."""
        self.skip()
        here = self.text[self.position : self.position + 1]
        if here == ",":
            self.position += 1
        elif here != end and (here or end != "}"):
            raise BadBody("not JSON")
