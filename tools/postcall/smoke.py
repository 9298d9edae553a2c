"""See that a deployment answers: `python -m tools.postcall.smoke outputs.json`, with the file that `cdk deploy` wrote.

Two requests that every deployment must refuse, each by its own function: the operator API without a token and the
webhook without a signature. A 401 means that API, function, layers, settings and the secret's permission all work;
nothing is stored and nobody is told. Needs nothing but Python.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path

SECONDS_TO_ANSWER = 60.0  # a new permission may take a while to be known everywhere
SECONDS_BETWEEN_TRIES = 3.0
REFUSED = int(HTTPStatus.UNAUTHORIZED)


def main(arguments: list[str]) -> int:
    """The exit code: 1 when something does not answer as it should."""
    outputs = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    (found,) = [each for each in outputs.values() if "WebhookUrl" in each]
    requests = {
        "operations": urllib.request.Request(f"{found['ApiUrl']}/api/events"),  # noqa: S310 — an output of our own stack
        "intake": urllib.request.Request(found["WebhookUrl"], b"", method="POST"),  # noqa: S310 — the same
    }
    answers = {step: _last_answer(request) for step, request in requests.items()}
    for step, report in answers.items():
        print(f"{step}: {report}")
    return 0 if all(report == f"answers {REFUSED}, as it should" for report in answers.values()) else 1


def _last_answer(request: urllib.request.Request) -> str:
    """What it came to, after as many tries as are allowed."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while True:
        report = _answer(request)
        if report == str(REFUSED):
            return f"answers {REFUSED}, as it should"
        if time.monotonic() > deadline:
            return f"{request.full_url}: {report} instead of {REFUSED}"
        time.sleep(SECONDS_BETWEEN_TRIES)


def _answer(request: urllib.request.Request) -> str:
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 — an output of our own stack
            return str(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return str(error.code)
    except OSError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
