"""One route: its path and who may ask, and what the API's description says of it (infra/openapi makes that)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import unquote

from postcall.aws.http import Response
from postcall.domain.access import Right

JSON = "application/json"
_SLOTS = {"{event_id}": "(.+)"}


@dataclass(frozen=True)
class Route:
    """Each `{name}` of `path` is handed to `serve` as text, after the request and the name of whoever asks (empty where
    `is_public`). `right` is what the token must have; None is for any token. The rest is said with `says`.
    """

    method: str
    path: str
    serve: Callable[..., Response]
    right: Right | None
    is_public: bool = False
    tag: str = ""
    summary: str = ""
    answers: Mapping[int, str | None] = field(default_factory=dict)
    refuses: tuple[int, ...] = ()
    query: str = ""
    body: str | None = None
    kinds: tuple[str, ...] = (JSON,)

    def says(
        self,
        tag: str,
        summary: str,
        answers: Mapping[int, str | None],
        *,
        refuses: tuple[int, ...] = (),
        query: str = "",
        body: str | None = None,
        kinds: tuple[str, ...] = (JSON,),
    ) -> Self:
        """The same with what the description says: shapes of `infra/openapi` by name (None: text, or any object) by
        status, the query's parameters, and the statuses of its own refusals.
        """
        return replace(
            self, tag=tag, summary=summary, answers=answers, refuses=refuses, query=query, body=body, kinds=kinds
        )

    def match(self, path: str) -> tuple[str, ...] | None:
        """What stands for each `{name}`, or None. An event's id may hold a slash, nothing else may."""
        parts = self._parts()
        pattern = "".join(_SLOTS.get(part, "([^/]+)") if part[:1] == "{" else re.escape(part) for part in parts)
        found = re.fullmatch(pattern, path)
        return None if found is None else tuple(unquote(part) for part in found.groups())

    @property
    def literal_length(self) -> int:
        """How much of the path is fixed: of two routes that match, the longer one is meant."""
        return sum(len(part) for part in self._parts() if part[:1] != "{")

    @property
    def path_parameters(self) -> list[str]:
        """The names in the path."""
        return [part[1:-1] for part in self._parts() if part[:1] == "{"]

    @property
    def refusals(self) -> set[int]:
        """Its own, and those that come with what is asked and with a token."""
        asked = {400} if self.query or self.body else set()
        token = set() if self.is_public else {401, 403} if self.right else {401}
        return {*self.refuses, *asked, *token}

    def _parts(self) -> list[str]:
        return re.split(r"(\{\w+\})", self.path)
