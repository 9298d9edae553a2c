"""What a model said about the sample call, kept with it: the first lead is a judged one without a key or a network.

Served to the sample alone. Whatever comes after it is analysed without a model, until there is an OPENAI_API_KEY.
"""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tools.local.access import forget_cached_secrets, put_secrets
from tools.local.aws import EmulatedAws
from tools.simulators.model import ModelStub
from tools.simulators.model.reply import completion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.local.access import Access
    from tools.local.endpoints import Endpoints
    from tools.local.settings import LocalSettings
    from tools.simulators.model.answers import JsonObject
    from tools.simulators.model.reply import Response

RECORDED = Path(__file__).with_name("recorded_judgement.json")
MODEL = "recorded-judgement"  # stands where a model's name stands, in the record and in the console
_KEY = "recorded"
_FREE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def recorded(_request: JsonObject) -> Response:
    """The judgement, whatever is asked."""
    return completion(RECORDED.read_text(encoding="utf-8"), model=MODEL, usage=_FREE)


def is_wanted(settings: LocalSettings) -> bool:
    """Whether no model is named: one's own goes before."""
    return not settings.openai_api_key and "OPENAI_BASE_URL" not in settings.outside


@contextmanager
def judging(settings: LocalSettings) -> Iterator[LocalSettings]:
    """The settings with which the stack asks for the recorded judgement, for as long as the block lasts."""
    with ModelStub(recorded) as server:
        named = {"OPENAI_BASE_URL": server.base_url, "OPENAI_MODEL": MODEL}
        yield dataclasses.replace(settings, outside=settings.outside | named, openai_api_key=_KEY)


def ask_no_more(endpoints: Endpoints, access: Access) -> None:
    """From here on the stack has no model, as `up` without a key has none."""
    certificate = Path(endpoints.aws_ca_bundle) if endpoints.aws_ca_bundle else None
    aws = EmulatedAws(endpoints.aws_endpoint_url, certificate=certificate)
    if put_secrets(aws, access):
        forget_cached_secrets(aws)
