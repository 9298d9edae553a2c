"""`python -m tools.simulators.model --port 0 --scenario ok`: run the stub until interrupted."""

from __future__ import annotations

import argparse
import signal
import threading

from tools.simulators.model import SCENARIOS, ModelStub


def main() -> None:
    """Say where the stub listens, and serve."""
    parser = argparse.ArgumentParser(prog="python -m tools.simulators.model", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--scenario", nargs="+", default=["ok"], choices=sorted(SCENARIOS), metavar="NAME")
    options = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with ModelStub(*options.scenario, port=options.port) as stub:
        print(f"OPENAI_BASE_URL={stub.base_url}", flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
