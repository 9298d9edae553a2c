"""What it costs to prepare a call for judgement: contacts, signs and texts by rule, without a model.

    python -m tools.verify.bench.preparing [--rounds N] [--out FILE]

A call of 200 turns is prepared by this tree and by the build before contacts were chosen by evidence (`BEFORE`, taken
from git), each in a process of its own, in turn; the least of each side's rounds is compared. The monsters are calls of
a size that nobody foresaw: 4,000 numbers and addresses in as many turns or in one message, and fields of 450,000
characters.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from tools.local.paths import ROOT
from tools.verify.bench.findings import Bench, Findings, Target, alternate

BEFORE = "81b922b"
MOST_TIMES, MOST_SECONDS = 1.5, 2.0
# The same lines for both sides: they hold what neither build may change, the payload and the analyst without a model.
WORK = """
import sys, time
from datetime import UTC, datetime
from functions.analysis.collected import field_names
from functions.analysis.elevenlabs import read_call
from functions.analysis.offline_analyst import OfflineAnalyst
from functions.analysis.taxonomy import taxonomy
try:
    from functions.analysis.bounds import bounded_call
except ImportError:  # the build before read everything
    bounded_call = lambda call: call
payload, times = open(sys.argv[1], "rb").read(), int(sys.argv[2])
analyst, spent = OfflineAnalyst(taxonomy(), field_names()), []
for _ in range(times):
    begun = time.process_time()
    call = bounded_call(read_call("conv_bench", payload, field_names()))
    analyst.analyse(call, received_at=datetime.now(UTC))
    spent.append(time.process_time() - begun)
print(min(spent))
"""
_TALK = (
    ("agent", "Здравствуйте! Чем могу помочь?"),
    ("user", "Добрый день, хочу купить двухкомнатную квартиру в новом доме, бюджет до 90 тысяч."),
    ("agent", "Есть квартиры в двух домах, площадь от 54 метров. Какой срок сдачи вас устроит?"),
    ("user", "Лучше в этом году, мы с женой снимаем жильё и хотели бы переехать до сентября."),
    ("agent", "Хорошо. Оставьте номер, менеджер перезвонит."),
    ("user", "Мой номер восемь ноль двадцать девять шестьсот двенадцать тридцать четыре пятьдесят шесть"),
    ("agent", "Повторю: 8 029 612 34 56. Верно?"),
    ("user", "Да, верно. А почта у меня petrov собака gmail точка com"),
    ("agent", "Записала. Что-нибудь ещё?"),
    ("user", "Есть ли парковка, и сколько стоит машиноместо?"),
)
_CROWD = range(2_000_000, 2_004_000)


def calls() -> dict[str, bytes]:
    """What is prepared, by name, as webhooks."""
    talk = [_TALK[number % len(_TALK)] for number in range(200)]
    crowd = [("user", f"8 029 {number:07d} и user{number}@example.com") for number in _CROWD]
    endless = {"full_name": {"value": "я" * 450_000}, "notes": {"value": "8 029 " * 75_000}}
    return {
        "turns_200": _webhook(talk),
        "chat_of_4000_contacts": _webhook(crowd),
        "message_of_4000_contacts": _webhook([("user", " ".join(text for _, text in crowd))]),
        "fields_of_450000_characters": _webhook(talk[:10], data_collection_results=endless),
    }


def measure(rounds: int) -> Findings:
    """Both builds in turn, then the monsters."""
    found = Findings()
    with tempfile.TemporaryDirectory() as folder:
        before, paths = _build_before(Path(folder)), {}
        for name, body in calls().items():
            paths[name] = Path(folder) / f"{name}.json"
            paths[name].write_bytes(body)
        sides = {"before": before, "now": ROOT}
        spent = alternate(
            {name: partial(_prepared, tree, paths["turns_200"], times=5) for name, tree in sides.items()}, rounds
        )
        least = {name: min(seconds) for name, seconds in spent.items()}
        found.note(**{f"turns_200_{name}_ms": seconds * 1_000 for name, seconds in least.items()})
        found.note(turns_200_times_before=least["now"] / least["before"])
        found.hold(Target("turns_200_times_before", MOST_TIMES))
        for name in list(paths)[1:]:
            found.note(**{f"{name}_seconds": min(_prepared(ROOT, paths[name], times=1) for _ in range(rounds))})
            found.hold(Target(f"{name}_seconds", MOST_SECONDS))
    return found


def _prepared(tree: Path, payload: Path, *, times: int) -> float:
    """Processor seconds of one call, the least of so many, by the code of this tree."""
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(payload), str(times)],
        cwd=tree,
        env={"PYTHONPATH": f"{tree}:{tree / 'layers/postcall/python'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def _build_before(folder: Path) -> Path:
    """The build before, unpacked. Raises `SystemExit` where git does not have it."""
    done = subprocess.run(
        ["git", "archive", BEFORE, "functions", "layers/postcall"],  # noqa: S607 — git of the path
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The build before, {BEFORE}, is not in this clone: fetch its whole history.")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as packed:
        packed.extractall(folder / "before", filter="data")
    return folder / "before"


def _webhook(turns: list[tuple[str, str]], **analysis: Any) -> bytes:  # noqa: ANN401 — members of the vendor's
    items = [
        {"role": role, "message": text, "time_in_call_secs": 3 * number} for number, (role, text) in enumerate(turns)
    ]
    data = {"conversation_id": "conv_bench", "agent_id": "agent_invented", "transcript": items, "analysis": analysis}
    return json.dumps({"type": "post_call_transcription", "data": data}).encode()


BENCH = Bench(
    "preparing",
    "processor time of preparing a call without a model, against the build before, and of monsters",
    measure,
    size=10,
    size_means="rounds",
)

if __name__ == "__main__":
    BENCH.main()
