"""The model behind the analysis: it answers well and at once, but for the first call that asks it to be slow."""

from __future__ import annotations

import json
import threading

from tools.simulators.model import ModelStub
from tools.simulators.model.answers import JsonObject
from tools.simulators.model.reply import Response
from tools.simulators.model.scenarios import SCENARIOS

SLOWLY = "неторопливо"


class Model(ModelStub):
    """A model stub; `thinks` is set once it has let a request wait for an answer that never comes."""

    def __init__(self) -> None:
        super().__init__(self._judge)
        self.thinks = threading.Event()

    def _judge(self, request: JsonObject) -> Response:
        if SLOWLY in json.dumps(request, ensure_ascii=False) and not self.thinks.is_set():
            self.thinks.set()
            return Response(behaviour="hang")
        return SCENARIOS["ok"](request)
