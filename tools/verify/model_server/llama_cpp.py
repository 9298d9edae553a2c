"""llama.cpp's own server with a tiny model, for the contract tests: prints its address, serves until it is ended.

It runs in `.venv-model` (see `make verify-model`), which holds nothing of ours: so it imports nothing of ours.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import xllamacpp

THREADS = 1  # two would wait for each other wherever the machine has other work
# The refusal stands so in the templates of Gemma and Mistral; this model's own takes turns in any order.
ALTERNATING = """\
{% for one in messages | selectattr('role', 'ne', 'system') %}{% if (one.role == 'user') != (loop.index0 % 2 == 0) %}
{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% endfor %}
{% for one in messages %}<|im_start|>{{ one.role }}
{{ one.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""


def main() -> None:
    """Start, say where, wait."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--window", type=int, required=True, help="tokens of the context window")
    parser.add_argument("--key", help="the only key that is taken; any is without it")
    parser.add_argument("--alternating", action="store_true", help="user and assistant must take turns")
    options = parser.parse_args()
    settings = xllamacpp.CommonParams()
    settings.model.path = str(next(Path(sys.prefix).rglob("SmolLM2*.gguf")))
    settings.port, settings.n_ctx, settings.n_parallel = 0, options.window, 1
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = THREADS
    settings.sampling.temp, settings.sampling.seed = 0.0, 1  # the same question has the same answer
    if options.key:
        settings.api_keys = [options.key]
    if options.alternating:
        settings.chat_template = ALTERNATING
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
