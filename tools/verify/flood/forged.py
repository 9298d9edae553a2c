"""What a stranger posts who knows the address and not the secret: a call's body in everything but the signature."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, islice
from typing import Final

from tools.verify.load.plan import Plan, Send, event_id
from tools.verify.load.webhooks import Webhooks

SEED: Final = -15
WRONG: Final = f"t={{at}},v0={'0' * 64}"
HEADERS: Final = {
    "wrong_signature": WRONG,
    "no_signature": None,
    "malformed_signature": "v0=forged",
    "the_same_again": "t=1,v0=00",  # the bytes of all of these are one
}


def kinds(posts: int) -> dict[str, str]:
    """The kind of each post, by its id: all kinds in turn."""
    each = islice(cycle(HEADERS), posts)
    return {event_id(SEED, number): kind for number, kind in enumerate(each)}


def forged(posts: dict[str, str], *, rate: float) -> Plan:
    """All of them evenly, `rate` a second."""
    return Plan(tuple(Send(name, number / rate) for number, name in enumerate(posts)))


def made(posts: dict[str, str], webhooks: Webhooks, *, now: int) -> Callable[[str], tuple[bytes, str | None]]:
    """The body and the header of a post, by its id. `now` is in Unix seconds."""

    def post(name: str) -> tuple[bytes, str | None]:
        kind = posts[name]
        header = HEADERS[kind]
        body = webhooks.body("conv_forged" if kind == "the_same_again" else name)
        return body, None if header is None else header.replace("{at}", str(now))

    return post
