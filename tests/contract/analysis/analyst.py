"""The analyst over real sockets, for the contract that its tests share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from functions.analysis.collected import field_names
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.prompt import Prompt
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.preprocessing import PreparedCall, prepare
from functions.analysis.taxonomy import taxonomy
from postcall.domain.analysis import Analysis
from tests.unit.analysis.builders import row
from tools.simulators.model import ModelStub
from tools.verify.evaluation.analysts import settings_for

DEADLINE_SECONDS = 20


@contextmanager
def analyst_at(base_url: str, **variables: str) -> Iterator[OpenAiAnalyst]:
    """An analyst whose model answers at this address."""
    settings = settings_for(
        OPENAI_BASE_URL=base_url,
        **{"OPENAI_DEADLINE_SECONDS": str(DEADLINE_SECONDS), **variables},
    )
    yield OpenAiAnalyst(
        api_key="sk-invented",
        settings=settings,
        prompt=Prompt(taxonomy(), settings.openai_schema_mode),
        judgement=Judgement(taxonomy(), field_names()),
        breaker=Breaker(time.monotonic),
    )


def judged(stub: ModelStub, prepared: PreparedCall | None = None, **variables: str) -> Analysis:
    """One judgement by a fresh analyst."""
    with analyst_at(stub.base_url, **variables) as analyst:
        return analyst.judge(prepared or e01(), seconds_left=lambda: 60.0)


def e01() -> PreparedCall:
    return prepare(row("E01").call)
