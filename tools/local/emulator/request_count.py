"""How many requests the emulated AWS has served, by service and operation: `GET /_postcall/requests`.

What writes to a table is counted by table as well: `GET /_postcall/writes`.

Counted on their way in, so the functions' own are among those of everybody else who asks. The event sources take their
messages without a request here; on AWS those are requests of the Lambda service, which nobody's code makes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

PATH = "/_postcall/requests"
WRITES_PATH = "/_postcall/writes"
_SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_WRITES = frozenset(f"dynamodb {name}Item" for name in ("Put", "Update", "Delete")) | {"dynamodb TransactWriteItems"}
_TABLE = re.compile(rb'"TableName"\s*:\s*"([^"]+)"')

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def counted(application: Application) -> Application:
    """The application, with a count of what it is asked."""
    counts: Counter[str] = Counter()
    writes: Counter[str] = Counter()
    by_path = {PATH: counts, WRITES_PATH: writes}

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in by_path:
            await _tell(by_path[scope["path"]], send)
            return
        if scope["type"] == "http" and (operation := named(scope["method"], scope["headers"])) is not None:
            counts[operation] += 1
            if operation in _WRITES:
                receive = _by_table(receive, operation, writes)
        await application(scope, receive, send)

    return serve


def _by_table(receive: Receive, operation: str, writes: Counter[str]) -> Receive:
    """The same body, counted under the first table it names, as in `postcall-local-quarantine PutItem`."""
    counted = False

    async def read() -> MutableMapping[str, Any]:
        nonlocal counted
        message = await receive()
        if not counted and (table := _TABLE.search(message.get("body", b""))):
            counted = True
            writes[f"{table[1].decode()} {operation.removeprefix('dynamodb ')}"] += 1
        return message

    return read


def named(method: str, headers: list[tuple[bytes, bytes]]) -> str | None:
    """A request's name, as in `dynamodb PutItem` or `s3 PUT`; nothing for one that is not signed for AWS."""
    found = {name.lower(): value.decode("latin-1") for name, value in headers}
    service = _SERVICE.search(found.get(b"authorization", ""))
    if service is None:
        return None
    target = found.get(b"x-amz-target", "").rpartition(".")[2]
    return f"{service[1]} {target or method}"


async def _tell(counts: Counter[str], send: Send) -> None:
    body = json.dumps(dict(counts)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
