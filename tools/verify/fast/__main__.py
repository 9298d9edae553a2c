"""Run it: lint at once, then types and import contracts beside the tests of what changed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.local.paths import ROOT
from tools.verify.fast.choice import choose, import_graph

SECONDS = 17.0  # then a test is broken off: what is left is for `make test`
MOST_FILES = 12  # more are only collected in the time there is
BIN = Path(sys.executable).parent
LINT = f"{BIN}/ruff format --check -q . && {BIN}/ruff check -q ."
# One after the other on one core, while the tests have the other.
CHECKS = f'{BIN}/mypy --no-error-summary && {{ found=$({BIN}/lint-imports) || {{ echo "$found"; exit 1; }}; }}'


def changed_files() -> list[str]:
    """What differs from where this branch left main, and what git does not know yet."""
    base = _git("merge-base", "HEAD", "main") or ["HEAD"]
    return _git("diff", "-z", "--name-only", "--diff-filter=d", *base) + _git(
        "ls-files", "-z", "--others", "--exclude-standard"
    )


def main() -> int:
    """0 when nothing that was looked at is wrong."""
    deadline = time.monotonic() + SECONDS
    if subprocess.run(["bash", "-c", LINT], cwd=ROOT, check=False).returncode:  # noqa: S607
        return 1
    with subprocess.Popen(["bash", "-c", CHECKS], cwd=ROOT) as checks:  # noqa: S607
        passed = tests_pass(deadline)
    return 0 if passed and checks.returncode == 0 else 1


def tests_pass(deadline: float) -> bool:
    """Whether none of the nearest tests fails until the deadline. Says what was not run."""
    chosen = choose(changed_files(), import_graph())
    if chosen.slow:
        print(f"left to make test: {len(chosen.slow)} test files that need a stack or the CDK")
    if not chosen.quick:
        print("no quick test leads to what changed")
        return True
    nearest = chosen.quick[:MOST_FILES]
    print(f"the nearest {len(nearest)} of {len(chosen.quick)} quick test files that lead to what changed:", flush=True)
    return run(nearest, deadline)


def run(files: list[str], deadline: float) -> bool:
    """Whether none of these files' tests fails until the deadline."""
    clock = Deadline(deadline)
    code = pytest.main(["-q", "-x", "--no-header", *files], plugins=[clock])
    if clock.is_over:
        print("the time is up: make test runs the rest")
    return code == pytest.ExitCode.OK or (clock.is_over and code != pytest.ExitCode.TESTS_FAILED)


class Deadline:
    """Ends the run of the tests when the time is up: at once within a test, else before the next."""

    def __init__(self, at: float) -> None:
        self._at = at  # by the monotonic clock
        self._is_testing = False
        self.is_over = False

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        def end(*_signal: object) -> None:
            self.is_over = True
            if self._is_testing:
                raise KeyboardInterrupt
            session.shouldstop = "the time is up"

        signal.signal(signal.SIGALRM, end)
        signal.setitimer(signal.ITIMER_REAL, max(self._at - time.monotonic(), 0.01))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        """Run a test while there is time.

        Raises:
            KeyboardInterrupt: The time is over.
        """
        self._is_testing = True
        try:
            if self.is_over:  # pytest begins the first test even so
                raise KeyboardInterrupt
            yield
        finally:
            self._is_testing = False

    def pytest_sessionfinish(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.rstrip("\0\n").split("\0") if done.stdout else []


if __name__ == "__main__":
    sys.exit(main())
