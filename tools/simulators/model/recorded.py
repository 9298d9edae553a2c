"""Bodies that real servers answered with, word for word but for ids and paths, and those that their sources print.

llama.cpp's stand in `llama_cpp.json` as `python -m tools.verify.model_server.recording` found them with SmolLM2, and
`make verify-model` holds them against the running server; LiteLLM's are from `litellm` 1.108.7; vLLM's, LM Studio's and
TGI's from their sources and reports.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Body = dict[str, Any]
LLAMA_CPP = Path(__file__).with_name("llama_cpp.json")

LITELLM_OVERFLOW: Body = {
    "error": {
        "message": "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: "
        "OpenAIException - request (3018 tokens) exceeds the available context size (2048 tokens)",
        "type": None,
        "param": None,
        "code": "400",
    },
}
VLLM_OVERFLOW: Body = {
    "error": {
        "message": "This model's maximum context length is 4096 tokens. However, your request has 5012 input tokens. "
        "Please reduce the length of the input messages.",
        "type": "BadRequestError",
        "param": None,
        "code": 400,
    },
}
LM_STUDIO_OVERFLOW: Body = {
    "error": "The number of tokens to keep from the initial prompt is greater than the context length. Try to load the "
    "model with a larger context length, or provide a shorter input",
}
TGI_OVERFLOW: Body = {
    "error": "Input validation error: `inputs` must have less than 4096 tokens. Given: 5012",
    "error_type": "validation",
}


@dataclass(frozen=True)
class Recorded:
    """One answer of llama.cpp's server."""

    status: int
    body: Body


def llama_cpp(name: str) -> Recorded:
    """Its answer to one of the questions in `tools/verify/model_server/exchanges.py`."""
    return Recorded(**json.loads(LLAMA_CPP.read_text(encoding="utf-8"))[name])


def llama_cpp_completion(content: str, *, prompt_tokens: int = 19) -> Body:
    """Its completion with another text: no `refusal`, its file's path for a model, timings beside the usage."""
    body = llama_cpp("completion").body
    [choice] = body["choices"]
    message = choice["message"] | {"content": content}
    usage = body["usage"] | {"prompt_tokens": prompt_tokens}
    return body | {"choices": [choice | {"message": message}], "usage": usage}
