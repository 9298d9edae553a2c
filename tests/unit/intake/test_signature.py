"""The signature: what holds, what does not, and why (docs/contracts/elevenlabs.md, "Signature")."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from functions.intake.signature import SignatureError, SignatureFault
from tests.support.builders import SAMPLES, SECRET, any_webhook, encoded
from tests.support.signatures import signature_fault

BODY = encoded(any_webhook())
NOW = 1_793_000_070


def mac(body: bytes = BODY, at: int | str = NOW, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def fault(
    header: str | None, body: bytes = BODY, *, secrets: tuple[str, ...] = (SECRET,), now: float = NOW
) -> SignatureFault | None:
    return signature_fault(header, body, secrets=secrets, now=now, tolerance_seconds=3600)


GOOD = mac()


@pytest.mark.parametrize(
    "header",
    [
        f"t={NOW},v0={GOOD}",
        f"v0={GOOD},t={NOW}",
        f"t={NOW}, v0={GOOD}",
        f" t={NOW} , v0={GOOD} ",
        f"t={NOW},v0={'0' * 64},v0={GOOD}",
        f"t={NOW},v0={GOOD},v0={'0' * 64}",
        f"t={NOW},v1=abc,foo=bar,v0={GOOD}",
        f"t={NOW},v0={GOOD.upper()}",
    ],
)
def test_a_right_signature_holds_however_it_is_written(header: str) -> None:
    assert fault(header) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, SignatureFault.MISSING),
        ("", SignatureFault.MISSING),
        ("  ", SignatureFault.MISSING),
        (f"v0={GOOD}", SignatureFault.MALFORMED),
        (f"t=,v0={GOOD}", SignatureFault.MALFORMED),
        (f"t={NOW}", SignatureFault.MALFORMED),
        (f"t={NOW},v0=", SignatureFault.MALFORMED),
        (f"t={NOW},v1={GOOD}", SignatureFault.MALFORMED),
        (f"t={NOW};v0={GOOD}", SignatureFault.MALFORMED),
        (f"t={NOW},t={NOW - 1},v0={GOOD}", SignatureFault.MALFORMED),
        (f"t=abc,v0={mac(at='abc')}", SignatureFault.MALFORMED),
        (f"t=nan,v0={mac(at='nan')}", SignatureFault.MALFORMED),
        (f"t=1.5,v0={mac(at='1.5')}", SignatureFault.MALFORMED),
        (f"t=-5,v0={mac(at='-5')}", SignatureFault.MALFORMED),
        (f"t=٣,v0={GOOD}", SignatureFault.MALFORMED),
        (GOOD, SignatureFault.MALFORMED),
        (",".join([f"t={NOW}", *[f"v0={GOOD}"] * 40]), SignatureFault.MALFORMED),
        (f"t={NOW},v0={'0' * 64}", SignatureFault.MISMATCH),
        (f"t={NOW},v0={GOOD[:-2]}", SignatureFault.MISMATCH),
        (f"t={NOW},v0=é", SignatureFault.MISMATCH),
        (f"t={NOW + 1},v0={GOOD}", SignatureFault.MISMATCH),
        (f"t={NOW * 1000},v0={mac(at=NOW * 1000)}", SignatureFault.MALFORMED),
        (f"t={NOW - 3601},v0={mac(at=NOW - 3601)}", SignatureFault.STALE),
        (f"t={NOW + 301},v0={mac(at=NOW + 301)}", SignatureFault.FUTURE),
    ],
)
def test_a_wrong_signature_is_refused_with_its_reason(header: str | None, expected: SignatureFault) -> None:
    assert fault(header) is expected


@pytest.mark.parametrize("at", [NOW - 3600, NOW - 2700, NOW, NOW + 300])
def test_the_last_retry_of_the_vendor_is_still_in_time(at: int) -> None:
    assert fault(f"t={at},v0={mac(at=at)}") is None


def test_a_body_that_was_written_again_does_not_pass() -> None:
    rewritten = json.dumps(json.loads(BODY)).encode()
    assert fault(f"t={NOW},v0={GOOD}", rewritten) is SignatureFault.MISMATCH
    assert fault(f"t={NOW},v0={GOOD}", BODY + b"\n") is SignatureFault.MISMATCH


def test_two_secrets_hold_while_they_are_rotated() -> None:
    header = f"t={NOW},v0={mac(secret='wsec_old')}"
    assert fault(header) is SignatureFault.MISMATCH
    assert fault(header, secrets=(SECRET, "wsec_old")) is None


@pytest.mark.parametrize("secrets", [(), ("",)])
def test_without_a_secret_nothing_passes(secrets: tuple[str, ...]) -> None:
    header = f"t={NOW},v0={mac(secret='')}"
    assert fault(header, secrets=secrets) is SignatureFault.NO_SECRET


def test_the_vendors_own_case_passes() -> None:
    case = json.loads((SAMPLES / "elevenlabs/official-sdk-test-signature.json").read_text())
    body = case["raw_body"].encode()
    assert fault(case["header"], body, secrets=(case["secret"],), now=case["now_unix"]) is None


def test_the_bytes_on_the_wire_pass_in_every_encoding() -> None:
    vectors = json.loads((SAMPLES / "elevenlabs/signature-vectors.json").read_text())
    for name, vector in vectors["bodies"].items():
        body = (SAMPLES / "elevenlabs" / name).read_bytes()
        assert fault(vector["header"], body, secrets=(vectors["secret"],), now=vectors["now_unix"]) is None, name


def test_a_header_of_sixteen_parts_is_read_and_one_of_seventeen_is_not() -> None:
    sixteen = ",".join([f"t={NOW}", f"v0={GOOD}", *(["v1=x"] * 14)])
    assert fault(sixteen) is None
    assert fault(f"{sixteen},v1=x") is SignatureFault.MALFORMED


def test_a_part_is_a_name_and_all_that_follows() -> None:
    assert fault(f"t={NOW},v0={GOOD}=") is SignatureFault.MISMATCH


def test_a_signature_that_no_encoding_takes_does_not_match() -> None:
    assert fault(f"t={NOW},v0=\ud800") is SignatureFault.MISMATCH


def test_a_signature_error_names_its_fault() -> None:
    assert str(SignatureError(SignatureFault.STALE)) == "signature.stale"
