"""What other steps of ours may order intake to do, by calling its function: who may is IAM's business.

`{"command": "ingest", "envelope": {…}, "source": "reconciliation"}` takes in a call that nobody delivered; a large
envelope comes as `"packed"` instead (zlib, then base64), since a call of a function carries six megabytes.
`{"command": "release", "quarantine_id": "…"}` releases a refused webhook.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

from functions.intake.elevenlabs import Ignored, read_envelope
from functions.intake.telemetry import report_command
from functions.intake.usecases import IngestResult
from functions.intake.wiring import ingest_call, released
from postcall.domain.errors import Rejected
from postcall.domain.event import Source
from postcall.domain.said import said, said_members

REFUSED = "refused"
UNPACKED_LIMIT_BYTES = 64 * 1024 * 1024
Result = dict[str, Any]


def serve_command(command: dict[str, Any]) -> Result:
    """Do as ordered. The result's `status` says what became of it; `refused` comes with its reason."""
    serve = _COMMANDS.get(str(command.get("command")))
    if serve is None:
        return {"status": REFUSED, **said_members("reason", said("webhook.no_command"))}
    result = serve(command)
    log_fields = {name: value for name, value in result.items() if value is not None}
    report_command(str(command["command"]), log_fields)
    return log_fields


def _ingest(command: dict[str, Any]) -> Result:
    try:
        call = read_envelope(_body(command), source=Source(str(command.get("source"))))
    except Rejected as error:
        return {"status": REFUSED, **said_members("reason", str(error))}
    except ValueError:
        return {"status": REFUSED, **said_members("reason", said("webhook.source", known=", ".join(Source)))}
    if isinstance(call, Ignored):
        return {"status": IngestResult.IGNORED, "event_id": call.event_id}
    receipt = ingest_call(call)
    return {"status": receipt.status, "event_id": receipt.event_id}


def _body(command: dict[str, Any]) -> bytes:
    """The bytes to keep. Raises `Rejected`."""
    if "packed" not in command:
        return json.dumps(command.get("envelope"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        unpacking = zlib.decompressobj()
        body = unpacking.decompress(base64.b64decode(str(command["packed"]), validate=True), UNPACKED_LIMIT_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise Rejected(said("webhook.packed")) from error
    if not unpacking.eof:
        raise Rejected(said("webhook.packed_large", limit=UNPACKED_LIMIT_BYTES))
    return body


def _release(command: dict[str, Any]) -> Result:
    quarantine_id = command.get("quarantine_id")
    if not isinstance(quarantine_id, str) or not quarantine_id:
        return {"status": REFUSED, **said_members("reason", said("quarantine.no_id"))}
    done = released(quarantine_id, str(command.get("released_by") or "") or None)
    return {"status": done.status, "event_id": done.event_id, "quarantine_id": quarantine_id} | said_members(
        "reason", done.reason
    )


_COMMANDS = {"ingest": _ingest, "release": _release}
