"""The simulator as a process: prints one line of JSON when it listens, and ends on SIGTERM."""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from tools.simulators.crm.certificates import TLS_MODES
from tools.simulators.crm.profiles import DEFAULT_PROFILE, PROFILES
from tools.simulators.crm.simulator import CrmSimulator


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.simulators.crm", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address of both ports (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the CRM's port, 0 takes a free one")
    parser.add_argument(
        "--admin-port", type=int, default=0, help="port of the admin API and the page, 0 takes a free one"
    )
    parser.add_argument("--profile", choices=PROFILES, default=DEFAULT_PROFILE)
    parser.add_argument("--culture", choices=("ru", "en"), default="ru")
    parser.add_argument("--platform", choices=("netframework", "net8"), default="netframework")
    parser.add_argument("--odata", action="store_true", help="answer GET …/odata/Lead(guid)")
    parser.add_argument("--tls", choices=TLS_MODES, help="serve https with a certificate of this kind")
    parser.add_argument("--tls-dir", type=Path, help="where certificates are written (needed with --tls)")
    found = parser.parse_args(argv)
    if found.tls and found.tls_dir is None:
        parser.error("--tls-dir must name a directory when --tls is given")
    return found


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        crm = CrmSimulator(
            profile=options.profile,
            host=options.host,
            port=options.port,
            admin_port=options.admin_port,
            tls=options.tls,
            tls_dir=options.tls_dir,
            culture=options.culture,
            platform=options.platform,
            odata=options.odata,
        )
    except OSError as error:
        print(error.strerror, file=sys.stderr)
        return 1
    with crm:
        ready = {
            "service_url": crm.service_url,
            "admin_url": crm.admin_url,
            "page_url": f"{crm.admin_url}/",
            "profile": options.profile,
            "ca_file": str(crm.ca_file) if crm.ca_file else None,
            "pid": os.getpid(),
        }
        print(json.dumps(ready), flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
