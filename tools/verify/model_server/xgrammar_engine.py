"""Which texts vLLM's grammar engine allows under a schema: `{"schema": …, "texts": […]}` in, yes or no for each out.

It runs in `.venv-model` (see `make verify-model`), which holds nothing of ours: so it imports nothing of ours. The
engine imports torch and transformers (600 MB) for what lies beside grammars; here empty names stand in for them.
"""

from __future__ import annotations

import json
import sys
from typing import Any
from unittest.mock import MagicMock

import tvm_ffi  # noqa: F401 — looks at torch's types, where there is one: before there seems to be one

for _name in ("torch", "transformers"):
    sys.modules[_name] = MagicMock()

import xgrammar  # noqa: E402 — after what it imports

END = 256  # the token after all bytes


def allowed(grammar: Any, text: str) -> bool:  # noqa: ANN401 — the engine has no types here
    """Whether a model held to this grammar could write the text, and end after it."""
    matcher = xgrammar.GrammarMatcher(grammar)
    return bool(matcher.accept_string(text) and matcher.accept_token(END))


def main() -> None:
    """Compile the schema, try each text."""
    asked = json.load(sys.stdin)
    tokens = [*(bytes([number]) for number in range(END)), b"</s>"]
    vocabulary = xgrammar.TokenizerInfo(tokens, vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[END])
    grammar = xgrammar.GrammarCompiler(vocabulary).compile_json_schema(json.dumps(asked["schema"]))
    json.dump([allowed(grammar, text) for text in asked["texts"]], sys.stdout)


if __name__ == "__main__":
    main()
