#!/usr/bin/env bash
# A bare hour after a day is read as a day of the month, a month, or a year, or it is left out; the time of day is then that
# of the moment from which one reads. Only the hour with its minutes behind a colon is an hour. Exits 1 when this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check dateparser==1.5.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

import dateparser
from dateparser.search import search_dates

NOW = datetime(2026, 11, 25, 12, 0)  # a Wednesday
SETTINGS = {"RELATIVE_BASE": NOW, "PREFER_DATES_FROM": "future"}
EXPECTED = {
    "завтра в 9:00": "2026-11-26 09:00",
    "завтра в 9": "2026-11-26 12:00",
    "tomorrow at 9": "2026-11-26 12:00",
    "завтра в 17.30": "2026-11-26 12:00",
    "on friday at 10:00": "2026-11-27 10:00",
    "on friday at 10": "2027-10-25 00:00",
    "30 ноября в 15:30": "2026-11-30 15:30",
    "30 ноября в 15.30": "2115-11-30 00:00",
    "call me in 1.5 hours": "2026-11-25 17:00",
    "call me back in half an hour": "2026-11-25 13:00",
}
print("dateparser", dateparser.__version__, "| now:", NOW)
found = {}
for text in EXPECTED:
    hits = search_dates(text, settings=SETTINGS) or []
    found[text] = f"{hits[-1][1]:%Y-%m-%d %H:%M}" if hits else "nothing"
    print(f"{text!r:>32}: {found[text]}, of the words {[words for words, _ in hits]}")
raise SystemExit(0 if found == EXPECTED else "The behaviour has changed.")
PYTHON
