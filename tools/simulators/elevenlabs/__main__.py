"""The simulator as a process: prints one line of JSON when it listens, and ends on SIGTERM.

The API key and the webhook's secret come from ELEVENLABS_API_KEY and ELEVENLABS_WEBHOOK_SECRET: a command line is read
by everybody on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading

from tools.simulators.elevenlabs.simulator import API_KEY, ElevenLabsSimulator


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.simulators.elevenlabs", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address of both ports (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the API's port, 0 takes a free one")
    parser.add_argument("--admin-port", type=int, default=0, help="port of the admin API, 0 takes a free one")
    parser.add_argument("--webhook-url", default="", help="where webhooks are delivered to")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        elevenlabs = ElevenLabsSimulator(
            host=options.host,
            port=options.port,
            admin_port=options.admin_port,
            api_key=os.environ.get("ELEVENLABS_API_KEY") or API_KEY,
            webhook_url=options.webhook_url,
            webhook_secret=os.environ.get("ELEVENLABS_WEBHOOK_SECRET", ""),
        )
    except OSError as error:
        print(error.strerror, file=sys.stderr)
        return 1
    with elevenlabs:
        ready = {"api_url": elevenlabs.api_url, "admin_url": elevenlabs.admin_url, "pid": os.getpid()}
        print(json.dumps(ready), flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
