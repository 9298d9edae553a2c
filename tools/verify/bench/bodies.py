"""Webhook bodies of a chosen size: the sample call, longer, so that the mix of speech and members stays a real one."""

from __future__ import annotations

import copy
import json
import random
from functools import cache
from typing import Any

from tools.local.paths import ROOT

SECRET = "wsec_invented_0123456789abcdef"  # noqa: S105 — invented, for a bench
_SAMPLE = ROOT / "tests/samples/elevenlabs/01-ru-inbound-twilio-data-collection.json"
_LONGEST_SAID = 40  # words
JsonObject = dict[str, Any]


def webhook(conversation_id: str, *, size: int, escaped: bool = False) -> bytes:
    r"""A Russian call of at least `size` bytes as JSON, at most a turn more.

    `escaped` writes letters as `\uXXXX`, as Python's json does unasked; else they are UTF-8.
    """
    envelope = copy.deepcopy(_sample())
    chance = random.Random(conversation_id)  # noqa: S311 — the same call for the same id
    envelope["data"]["conversation_id"] = conversation_id
    templates = envelope["data"]["transcript"]
    turns: list[JsonObject] = []
    envelope["data"]["transcript"] = turns
    missing = size - len(_encoded(envelope, escaped=escaped))
    while missing > 0:
        turn = _turn(templates[len(turns) % len(templates)], len(turns), chance)
        turns.append(turn)
        missing -= len(_encoded(turn, escaped=escaped)) + 2
    return _encoded(envelope, escaped=escaped)


def _turn(template: JsonObject, number: int, chance: random.Random) -> JsonObject:
    """A turn of its own: other words, other times, another id."""
    words = [chance.choice(_words()) for _ in range(chance.randint(3, _LONGEST_SAID))]
    return template | {
        "message": " ".join(words).capitalize() + ".",
        "time_in_call_secs": 5 * number,
        "id": f"turn_{chance.getrandbits(48):012x}",
        "created_at_unix_ms": 1_793_000_000_000 + 5_000 * number + chance.randrange(1_000),
    }


@cache
def _sample() -> JsonObject:
    sample: JsonObject = json.loads(_SAMPLE.read_text(encoding="utf-8"))
    return sample


@cache
def _words() -> list[str]:
    """What the sample's people say, word by word."""
    said = " ".join(turn["message"] or "" for turn in _sample()["data"]["transcript"])
    return sorted(set(said.lower().split()))


def _encoded(value: Any, *, escaped: bool) -> bytes:  # noqa: ANN401 — any JSON
    return json.dumps(value, ensure_ascii=escaped).encode()
