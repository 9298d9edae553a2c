"""What a cold start costs: processor time and memory to import a handler, against a naive one and the bare interpreter.

    python -m tools.verify.bench.cold_import [--rounds N] [--out FILE]

Ours and the naive handlers (`bench/naive`) run on the same interpreter (the local Lambda's) with the same locked
versions and compiled bytecode, ours from the assets and layers of the synthesised templates, theirs from a layer of
their own (`requirements/naive.txt`: the model vendor's package is not in ours), and boto as Lambda brings it. A naive
handler makes its clients at import, ours with the first call, and of these only what a call of a usual size needs: so
two figures of ours are told, `import` and `with_clients`. The bare interpreter's own time is taken off before a ratio
to the naive handler. The sides take turns, and the least of each one's rounds is compared: whatever else the machine
does can only add to processor time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.names import Step
from infra.resources.own_code import compile_folder
from tools.local.assembly import assets, stacks
from tools.local.paths import ROOT
from tools.local.synth import synthesise
from tools.verify.bench.findings import Bench, Findings, Target

PYTHON = ROOT / ".venv-emulator/bin/python"
LIMITS: dict[Step, float] = {"intake": 0.45, "analysis": 0.5, "dispatch": 0.5}
# What each of our handlers makes on its first call and a naive one at import.
FIRST_CALL: dict[Step, str] = {
    "intake": "from postcall.aws import clients as c; c.dynamodb(); c.sqs(); c.secrets_manager()",
    "analysis": (
        "from postcall.aws import clients as c; c.dynamodb(); c.sqs(); c.secrets_manager(); "
        "from functions.analysis.model.server import ModelServer; ModelServer('invented')"
    ),
    "dispatch": (
        "from postcall.aws import clients as c; c.dynamodb(); c.sqs(); "
        "from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint; from functions.dispatch.classify import Terms; "
        "BpmsoftCrm(Endpoint('https://crm.example.com/', 'https://a.example', 'https://a.example/', 30), Terms())"
    ),
}
# VmHWM and not ru_maxrss, which counts what the parent had before the interpreter was started.
PROBE = """
{code}
import time
spent = time.process_time()
print(spent, next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
# As in Lambda: a client looks for credentials no further than this.
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
}


@dataclass(frozen=True)
class Start:
    """A fresh interpreter: processor milliseconds and the most memory it had."""

    milliseconds: float
    megabytes: float


def measure(rounds: int) -> Findings:
    """Start every interpreter once a round."""
    taken: dict[str, list[Start]] = {}
    with tempfile.TemporaryDirectory() as folder:
        _package(Path(folder))
        ours, naive = [Path(folder) / "opt/python"], _naive(Path(folder))
        codes = _codes()
        for number in range(rounds + 1):  # the first round warms the disk's cache
            for name, code in codes.items():
                task = Path(folder) / "task" / name.split("_")[0]
                start = _started(code, naive if name.endswith("_naive") else [task, *ours])
                if number:
                    taken.setdefault(name, []).append(start)
    return _findings({name: _least(starts) for name, starts in taken.items()})


def _findings(least: dict[str, Start]) -> Findings:
    found = Findings(
        not_covered=["Unpacking and loading by Lambda itself, before the interpreter runs; a start from a snapshot."]
    )
    bare = least["bare"]
    found.note(bare_interpreter_ms=bare.milliseconds, bare_interpreter_mb=bare.megabytes)
    for step, limit in LIMITS.items():
        naive = least[f"{step}_naive"]
        found.note(**{f"{step}_naive_ms": naive.milliseconds, f"{step}_naive_mb": naive.megabytes})
        for what in ("import", "with_clients"):
            name, start = f"{step}_{what}", least[f"{step}_{what}"]
            net = (start.milliseconds - bare.milliseconds) / (naive.milliseconds - bare.milliseconds)
            found.note(
                **{
                    f"{name}_ms": start.milliseconds,
                    f"{name}_mb": start.megabytes,
                    f"{name}_of_naive": net,
                    f"{name}_times_bare": start.milliseconds / bare.milliseconds,
                }
            )
        found.hold(Target(f"{step}_import_of_naive", limit))
    return found


def _codes() -> dict[str, str]:
    """What is run, by name."""
    found = {"bare": "pass"}
    for step, first_call in FIRST_CALL.items():
        found[f"{step}_import"] = f"import functions.{step}.handler"
        found[f"{step}_with_clients"] = f"import functions.{step}.handler; {first_call}"
        found[f"{step}_naive"] = f"import tools.verify.bench.naive.{step}"
    return found


def _started(code: str, path: list[Path]) -> Start:
    done = subprocess.run(
        [str(PYTHON), "-W", "ignore", "-c", PROBE.format(code=code)],
        env=ENVIRONMENT | {"PATH": os.environ["PATH"], "PYTHONPATH": ":".join(map(str, path))},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, kilobytes = done.stdout.splitlines()[-1].split()
    return Start(float(seconds) * 1000, float(kilobytes) / 1024)


def _least(starts: list[Start]) -> Start:
    return Start(min(start.milliseconds for start in starts), min(start.megabytes for start in starts))


def _package(folder: Path) -> None:
    """Lay our assets and layers as they are deployed."""
    assembly = synthesise()  # the environment `local`, of this very interpreter
    sources = {asset.key: asset.source for asset in assets(assembly, account="", region="")}
    for stack in stacks(assembly):
        for resource in stack.template["Resources"].values():
            _unpack(resource["Type"], resource.get("Properties", {}), sources, folder)


def _naive(folder: Path) -> list[Path]:
    """Where the naive handlers import from: their code, and a layer that is built as ours is."""
    naive = folder / "naive/tools/verify/bench/naive"
    shutil.copytree(ROOT / "tools/verify/bench/naive", naive, ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("tools", "tools/verify", "tools/verify/bench"):
        (folder / "naive" / package / "__init__.py").write_text("", encoding="utf-8")
    compile_folder(folder / "naive", str(folder / "naive"), str(PYTHON))
    options = {
        "--lock": ROOT / "requirements/naive.txt",
        "--python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "--architecture": "host",
        "--output": folder / "naive_layer",
    }
    given = (str(text) for pair in options.items() for text in pair)
    subprocess.run([sys.executable, str(ROOT / "layers/build.py"), *given], check=True)
    return [folder / "naive", folder / "naive_layer/python"]


def _unpack(kind: str, properties: dict[str, Any], sources: dict[str, Path], folder: Path) -> None:
    """Lay a function's code, or a layer's content, where Lambda lays it."""
    if kind == "AWS::Lambda::LayerVersion":
        shutil.copytree(sources[properties["Content"]["S3Key"]], folder / "opt", dirs_exist_ok=True)
    elif kind == "AWS::Lambda::Function":
        step = properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        if step in FIRST_CALL:
            shutil.copytree(sources[properties["Code"]["S3Key"]], folder / "task" / step)


BENCH = Bench("cold_import", __doc__.splitlines()[0], measure, size=15, size_means="rounds")

if __name__ == "__main__":
    BENCH.main()
