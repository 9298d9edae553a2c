"""What the token that asks may do: by it a console or a program shows only what is possible."""

from __future__ import annotations

from http import HTTPStatus

from postcall.aws.http import Request, Response, json_response
from postcall.domain.access import Right, Token


def show(request: Request, _who: str) -> Response:
    """The token's name, rights, end and limits."""
    token = request.token or Token("", "")
    return json_response(
        HTTPStatus.OK,
        {
            "name": token.name,
            "may": [right.value for right in Right if right in token.may],
            "until": None if token.until is None else token.until.isoformat(),
            "per_day": {right.value: number for right, number in token.per_day.items()},
            "reason_optional": token.reason_optional,
        },
    )
