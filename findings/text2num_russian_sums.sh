#!/usr/bin/env bash
# A Russian sum in another case, or with a half, loses its number and keeps its thousands: "about 250 thousand" becomes 1000.
# The next major version reads no Russian at all. Exits 1 when this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for package in text2num==2.5.2 text2num==3.1.0; do
    version=${package#*==}
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install -q --disable-pip-version-check "$package"
    "$folder/$version/bin/python" - "$version" <<'PYTHON'
import sys

from text_to_num import alpha2digit

EXPECTED = {
    "двести пятьдесят тысяч": "250000",
    "около двухсот пятидесяти тысяч": "около двухсот пятидесяти 1000",
    "полтора миллиона": "полтора 1000000",
    "два с половиной миллиона": "2 с половиной 1000000",
    "пара тысяч": "пара 1000",
}
version = sys.argv[1]
print("text2num", version)
if version.startswith("3."):
    try:
        print(alpha2digit("двести пятьдесят тысяч", "ru"))
    except Exception as error:
        print(f"  {type(error).__name__}: {error}")
        raise SystemExit(0 if "unsupported language" in str(error) else "The behaviour has changed.")
    raise SystemExit("The behaviour has changed.")
found = {text: alpha2digit(text, "ru") for text in EXPECTED}
for text, digits in found.items():
    print(f"  {text!r}: {digits!r}")
raise SystemExit(0 if found == EXPECTED else "The behaviour has changed.")
PYTHON
done
