"""A webhook receiver as it is usually written, in the two usual ways; runs in a virtual environment of its own.

DELIVERY=background: store the event, answer, deliver in a FastAPI background task, three tries a second apart.
DELIVERY=queue: store the event, answer; workers take it from SQLite, try with growing waits, take up again after a
restart what was under way. A second event of the same id is acknowledged and dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
from fastapi import BackgroundTasks, FastAPI, HTTPException, Request  # type: ignore[import-not-found]

from tools.verify.peers.receiver.store import Store

SECRET = os.environ["WEBHOOK_SECRET"].encode()
CRM_URL = os.environ["CRM_URL"]
TIMEOUT_SECONDS = int(os.environ["CRM_TIMEOUT_MS"]) / 1000
QUEUED = os.environ["DELIVERY"] == "queue"
WORKERS = 4
TRIES_IN_BACKGROUND = 3
IDLE_SECONDS = 0.05

store = Store(os.environ["DATABASE"])
client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)


@contextlib.asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """The queue's workers live as long as the application."""
    if QUEUED:
        store.take_up_again()
    workers = [asyncio.create_task(work()) for _ in range(WORKERS if QUEUED else 0)]
    yield
    for worker in workers:
        worker.cancel()
    await client.aclose()


app = FastAPI(lifespan=lifespan)


@app.get("/health")  # type: ignore[untyped-decorator]  # FastAPI is in the receiver's environment only
async def health() -> dict[str, str]:
    """Ready."""
    return {"status": "ok"}


@app.post("/webhooks/elevenlabs")  # type: ignore[untyped-decorator]
async def receive(request: Request, background: BackgroundTasks) -> dict[str, str]:
    """Check, store, answer.

    Raises:
        HTTPException: 401 for a wrong signature.
    """
    body: bytes = await request.body()
    if not signed(body, request.headers.get("elevenlabs-signature", "")):
        raise HTTPException(401, "wrong signature")
    call: dict[str, Any] = json.loads(body)["data"]
    if store.add(call["conversation_id"], body) and not QUEUED:
        background.add_task(deliver_in_background, call["conversation_id"], call)
    return {"status": "ok"}


def signed(body: bytes, header: str) -> bool:
    """ElevenLabs' signature: t=…,v0=… over `t.body`."""
    parts = dict(part.strip().split("=", 1) for part in header.split(",") if "=" in part)
    mac = hmac.new(SECRET, parts.get("t", "").encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(mac, parts.get("v0", ""))


async def deliver_in_background(event_id: str, call: dict[str, Any]) -> None:
    """Three tries, a second apart; then the event is marked failed."""
    for number in range(TRIES_IN_BACKGROUND):
        if number:
            await asyncio.sleep(1)
        if await send(call):
            store.mark(event_id, "done")
            return
    store.mark(event_id, "failed")


async def work() -> None:
    """Take one event after another from the queue."""
    while True:
        event = store.take()
        if event is None:
            await asyncio.sleep(IDLE_SECONDS)
        elif await send(json.loads(event.body)["data"]):
            store.mark(event.event_id, "done")
        else:
            store.put_off(event)


async def send(call: dict[str, Any]) -> bool:
    """Post the lead; whether the CRM took it."""
    lead = {
        "landingId": "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b",
        "fields": [
            {"name": "UsrEventId", "value": call["conversation_id"]},
            {"name": "Commentary", "value": call["analysis"]["transcript_summary"]},
        ],
        "contactFields": [{"name": "Phone", "value": call["metadata"]["phone_call"]["external_number"]}],
    }
    try:
        return (await client.post(CRM_URL, json=lead)).is_success
    except httpx.HTTPError:
        return False
