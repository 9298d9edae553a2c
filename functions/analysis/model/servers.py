"""What is known of a model's server by its address alone."""

from __future__ import annotations

from urllib.parse import urlsplit

_STRICT_MODE_OF_OPENAI = ("openai.com", "openai.azure.com", "services.ai.azure.com")


def bounds_texts(base_url: str | None) -> bool:
    """Whether a schema may bound a text's length: OpenAI's strict mode names no such keyword, the others enforce it."""
    host = urlsplit(base_url or "").hostname or _STRICT_MODE_OF_OPENAI[0]
    return not any(host == known or host.endswith(f".{known}") for known in _STRICT_MODE_OF_OPENAI)
