#!/usr/bin/env bash
# The same eleven digits are a valid landline of Russia and, with the plus that trunks leave out, a valid mobile of Vietnam:
# libphonenumber calls both valid without a word of the other. Exits 1 when it no longer does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check phonenumbers==9.0.34
"$folder/venv/bin/python" - <<'PYTHON'
import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, is_possible_number_with_reason, number_type

DIGITS = "84912345678"
print("phonenumbers", phonenumbers.__version__)
found = {}
for text, region in ((DIGITS, "RU"), (f"+{DIGITS}", None)):
    number = phonenumbers.parse(text, region)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    found[e164] = (phonenumbers.is_valid_number(number), phonenumbers.region_code_for_number(number), number_type(number))
    print(f"{text!r:>15} read with region {region}: {e164}, valid, region, type: {found[e164]}, "
          f"possible: {is_possible_number_with_reason(number)}")
expected = {
    "+74912345678": (True, "RU", PhoneNumberType.FIXED_LINE),
    "+84912345678": (True, "VN", PhoneNumberType.MOBILE),
}
raise SystemExit(0 if found == expected else "The behaviour has changed.")
PYTHON
