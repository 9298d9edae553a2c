"""`python -m tools.verify.report`: make the documents from the records; `run [NAME …]`: the records first; `--check`.

The runs measure, so they run one after another, and nothing else should run beside them: about an hour in all.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys

from tools.verify.report.document import PAGES, documents
from tools.verify.report.record import ROOT, RUNS_FOLDER
from tools.verify.report.records import RUNS, RecordError, read_records


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 1 when a run failed or missed a target, a record is missing, or a document to check differs."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.report", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["make", "run"], default="make")
    parser.add_argument("names", nargs="*", help="with run: these alone (default: all)", metavar="NAME")
    parser.add_argument("--check", action="store_true", help="write nothing, say which document is not up to date")
    asked = parser.parse_args(arguments)
    unknown = set(asked.names) - set(RUNS)
    if unknown:
        parser.error(f"no such run: {', '.join(sorted(unknown))}; there are {', '.join(RUNS)}")
    codes = {name: _run(name) for name in (asked.names or RUNS)} if asked.what == "run" else {}
    if broken := [name for name, code in codes.items() if code is None]:
        print(f"No record, so no document is made: {', '.join(broken)}", file=sys.stderr)
        return 1
    try:
        made = documents(read_records(RUNS_FOLDER))
    except RecordError as error:
        print(error, file=sys.stderr)
        return 1
    if asked.check:
        made = {path: text for path, text in made.items() if path.parent != PAGES}
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{'differs' if asked.check else 'written'}: {path.relative_to(ROOT)}")
        if not asked.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
    if missed := [name for name, code in codes.items() if code]:
        print(f"Not as it should be, see the documents: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed or (asked.check and stale) else 0


def _run(name: str) -> int | None:
    """The exit code of a run that wrote its record anew; one that misses a target writes it too."""
    path = RUNS_FOLDER / f"{name}.json"
    before = path.read_bytes() if path.exists() else b""
    out = path.relative_to(ROOT)
    command = [sys.executable, *shlex.split(RUNS[name]), "--out", str(out)]
    print(f"== {name}: python {RUNS[name]}", flush=True)
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    return code if path.exists() and path.read_bytes() != before else None


if __name__ == "__main__":
    sys.exit(main())
