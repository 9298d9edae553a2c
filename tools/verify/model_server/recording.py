"""`python -m tools.verify.model_server.recording`: ask llama.cpp's server all questions and keep its answers.

The model simulator plays them. Only what names this machine or this moment is replaced: ids, times and the path of
the model's file.
"""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from tools.simulators.model.recorded import LLAMA_CPP
from tools.verify.model_server.exchanges import QUESTIONS
from tools.verify.model_server.running import running

_REPLACED: dict[str, object] = {"id": "chatcmpl-recorded", "created": 1_795_000_000}


def without_this_machine(value: Any, name: str = "") -> Any:  # noqa: ANN401 — any JSON
    """An answer's body without ids, moments and paths."""
    if isinstance(value, dict):
        return {key: without_this_machine(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_this_machine(inner) for inner in value]
    if isinstance(value, str) and value.endswith(".gguf"):
        return f"/models/{Path(value).name}"
    return _REPLACED.get(name, value)


def main() -> int:
    """Record."""
    found: dict[str, Any] = {}
    for options, names in groupby(QUESTIONS, key=lambda name: QUESTIONS[name].options):
        with running(*options) as server:
            for name in names:
                answer = QUESTIONS[name].ask(server.address)
                found[name] = {"status": answer.status_code, "body": without_this_machine(answer.json())}
    LLAMA_CPP.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(found)} answers in {LLAMA_CPP}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
