"""What a cold start costs: processor time to import a handler and make its clients, against a naive handler.

    python -m tools.bench.cold_import [--rounds N]

Ours and the naive ones (`tools/bench/naive`) run on the same interpreter (that of the local Lambda) with the same layer
of locked packages and compiled bytecode; rounds alternate, medians are compared, the bare interpreter's own time is
taken off both. A ratio below 1 is a start that much cheaper.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.parts.dependency_layer import CachedBuild
from tools.local.paths import ROOT

STEPS = ("intake", "analysis", "dispatch")
# What each of our handlers makes on its first call and a naive one at import.
FIRST_CALL = {
    "intake": "from postcall.aws import clients as c; c.dynamodb(); c.sqs(); c.s3(); c.secrets_manager()",
    "analysis": (
        "from postcall.aws import clients as c; c.dynamodb(); c.sqs(); c.s3(); c.secrets_manager(); "
        "import openai; openai.AsyncOpenAI(api_key='invented').chat.completions"
    ),
    "dispatch": (
        "from postcall.aws import clients as c; c.dynamodb(); c.sqs(); "
        "from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint; from functions.dispatch.classify import Terms; "
        "BpmsoftCrm(Endpoint('https://crm.example.com/', 'https://a.example', 'https://a.example/', 30), Terms())"
    ),
}
PROBE = "import resource as r; {code}; u = r.getrusage(r.RUSAGE_SELF); print(u.ru_utime + u.ru_stime)"


def measure(code: str, path: list[Path]) -> float:
    """Processor milliseconds of a fresh interpreter that runs this."""
    done = subprocess.run(
        [str(ROOT / ".venv-emulator/bin/python"), "-W", "ignore", "-c", PROBE.format(code=code)],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": ":".join(map(str, path)),
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1]) * 1000


def codes() -> dict[str, str]:
    """What is measured, by name."""
    found = {"bare interpreter": "pass"}
    for step in STEPS:
        found[f"{step}, import only"] = f"import functions.{step}.handler"
        found[f"{step}, with its clients"] = f"import functions.{step}.handler; {FIRST_CALL[step]}"
        found[f"{step}, naive"] = f"import tools.bench.naive.{step}"
    return found


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description="What a cold start costs.")
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        path = _package(Path(folder))
        taken: dict[str, list[float]] = {name: [] for name in codes()}
        for number in range(rounds + 1):  # the first round warms the disk's cache
            for name, code in codes().items():
                milliseconds = measure(code, path)
                if number:
                    taken[name].append(milliseconds)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    bare = medians.pop("bare interpreter")
    print(f"{'bare interpreter':<26}{bare:8.0f} ms processor time (taken off below)")
    for name, median in medians.items():
        naive = medians[f"{name.split(',')[0]}, naive"] - bare
        print(f"{name:<26}{median - bare:8.0f} ms   {(median - bare) / naive:5.2f} of the naive handler")


def _package(folder: Path) -> list[Path]:
    """The functions and the layers as Lambda has them: compiled."""
    for name in ("functions", "tools/bench"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "tools/__init__.py").write_text("", encoding="utf-8")
    shutil.copytree(ROOT / "layers/postcall/python", folder / "layer")
    CachedBuild(f"{sys.version_info[0]}.{sys.version_info[1]}", "host").try_bundle(str(folder / "opt"))
    compiler = [str(ROOT / ".venv-emulator/bin/python"), "-m", "compileall", "-q", str(folder)]
    subprocess.run(compiler, check=True)
    return [folder, folder / "layer", folder / "opt/python"]


if __name__ == "__main__":
    main()
