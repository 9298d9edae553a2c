"""How long a build's `make test` takes.

python suite.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Print the seconds as one line of JSON.

    Raises:
        SystemExit: A check or a test failed; the text ends with what it said.
    """
    begun = time.monotonic()
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}  # as a shell has it
    done = subprocess.run(["make", "test"], env=environment, capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode:
        sys.exit(f"{done.stdout[-1500:]}{done.stderr[-500:]}")
    print(json.dumps({"seconds": time.monotonic() - begun}))


if __name__ == "__main__":
    main()
