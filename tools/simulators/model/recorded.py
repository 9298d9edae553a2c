"""Bodies that real servers answered with, word for word but for ids and paths, and those that their sources print.

llama.cpp's were recorded from `xllamacpp` 2026.10.11549 with SmolLM2 (the contract tests hold them against the running
server), LiteLLM's from `litellm` 1.108.7; vLLM's, LM Studio's, TGI's and Ollama's are from their sources and reports.
"""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

LLAMA_CPP_OVERFLOW: Body = {
    "error": {
        "code": 400,
        "message": "request (3018 tokens) exceeds the available context size (2048 tokens), try increasing it",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 3018,
        "n_ctx": 2048,
    },
}
LLAMA_CPP_TEMPLATE: Body = {
    "error": {
        "code": 400,
        "message": "Unable to generate parser for this template. Automatic parser generation failed: "
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "type": "invalid_request_error",
    },
}
LLAMA_CPP_WRONG_KEY: Body = {"error": {"message": "Invalid API Key", "type": "authentication_error", "code": 401}}
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


def llama_cpp_completion(content: str, *, finish: str = "stop", prompt_tokens: int, completion_tokens: int) -> Body:
    """A completion as llama.cpp words it: no `refusal`, its file's path for a model, timings beside the usage."""
    return {
        "choices": [{"finish_reason": finish, "index": 0, "message": {"role": "assistant", "content": content}}],
        "created": 1795900463,
        "model": "/models/SmolLM2-135M-Instruct.Q4_1.gguf",
        "system_fingerprint": "b0-unknown",
        "object": "chat.completion",
        "usage": {
            "completion_tokens": completion_tokens,
            "prompt_tokens": prompt_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
            "prompt_tokens_details": {"cached_tokens": 0},
        },
        "id": "chatcmpl-invented",
        "timings": {"cache_n": 0, "prompt_n": prompt_tokens, "prompt_ms": 3433.823, "predicted_ms": 8716.293},
    }
