#!/usr/bin/env bash
# Caller ids often come without their plus. libphonenumber then calls one string of digits a valid number of two countries.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check phonenumberslite==9.0.42 2>/dev/null

cat >"$place/compare.py" <<'PY'
import sys

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

KINDS = {PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "fixed line"}


def read(digits, region):
    number = phonenumbers.parse(digits, region)
    valid = phonenumbers.is_valid_number(number)
    kind = KINDS.get(phonenumbers.number_type(number))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164), valid, phonenumbers.region_code_for_number(number), kind


print("phonenumberslite", phonenumbers.__version__)
international = read("+84912345678", None)
national = read("84912345678", "RU")
print("+84912345678             ->", *international)
print(" 84912345678, region RU  ->", *national)
if international != ("+84912345678", True, "VN", "mobile") or national != ("+74912345678", True, "RU", "fixed line"):
    sys.exit("the behaviour is not seen any more")
PY
"$place/venv/bin/python" "$place/compare.py"
echo "Hurt: who takes is_valid_number() of a network's digits for a proof: the Vietnamese caller becomes a stranger's line in Russia."
