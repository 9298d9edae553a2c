"""llama.cpp's own server with a tiny model, for the contract tests: prints its address, serves until it is ended.

It runs in `.venv-model` (see `make verify-model`), which holds nothing of ours: so it imports nothing of ours.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import xllamacpp

THREADS = 2


def main() -> None:
    """Start, say where, wait."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--context", type=int, default=512, help="tokens of the context window")
    options = parser.parse_args()
    settings = xllamacpp.CommonParams()
    settings.model.path = str(next(Path(sys.prefix).rglob("SmolLM2*.gguf")))
    settings.port, settings.n_ctx, settings.n_parallel = 0, options.context, 1
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = THREADS
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
