"""The signature: what holds, what does not, and why (docs/contracts/elevenlabs.md, "Signature")."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from functions.intake.signature import Flaw, flaw_of
from tests.support.builders import SAMPLES, SECRET, any_webhook, encoded

BODY = encoded(any_webhook())
NOW = 1_793_000_070


def mac(body: bytes = BODY, at: int | str = NOW, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def flaw(
    header: str | None, body: bytes = BODY, *, secrets: tuple[str, ...] = (SECRET,), now: float = NOW
) -> Flaw | None:
    return flaw_of(header, body, secrets=secrets, now=now, tolerance_seconds=3600)


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
    assert flaw(header) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, Flaw.MISSING),
        ("", Flaw.MISSING),
        ("  ", Flaw.MISSING),
        (f"v0={GOOD}", Flaw.MALFORMED),
        (f"t=,v0={GOOD}", Flaw.MALFORMED),
        (f"t={NOW}", Flaw.MALFORMED),
        (f"t={NOW},v0=", Flaw.MALFORMED),
        (f"t={NOW},v1={GOOD}", Flaw.MALFORMED),
        (f"t={NOW};v0={GOOD}", Flaw.MALFORMED),
        (f"t={NOW},t={NOW - 1},v0={GOOD}", Flaw.MALFORMED),
        (f"t=abc,v0={mac(at='abc')}", Flaw.MALFORMED),
        (f"t=nan,v0={mac(at='nan')}", Flaw.MALFORMED),
        (f"t=1.5,v0={mac(at='1.5')}", Flaw.MALFORMED),
        (f"t=-5,v0={mac(at='-5')}", Flaw.MALFORMED),
        (f"t=٣,v0={GOOD}", Flaw.MALFORMED),
        (GOOD, Flaw.MALFORMED),
        (",".join([f"t={NOW}", *[f"v0={GOOD}"] * 40]), Flaw.MALFORMED),
        (f"t={NOW},v0={'0' * 64}", Flaw.MISMATCH),
        (f"t={NOW},v0={GOOD[:-2]}", Flaw.MISMATCH),
        (f"t={NOW},v0=é", Flaw.MISMATCH),
        (f"t={NOW + 1},v0={GOOD}", Flaw.MISMATCH),
        (f"t={NOW * 1000},v0={mac(at=NOW * 1000)}", Flaw.MALFORMED),
        (f"t={NOW - 3601},v0={mac(at=NOW - 3601)}", Flaw.STALE),
        (f"t={NOW + 301},v0={mac(at=NOW + 301)}", Flaw.FUTURE),
    ],
)
def test_a_wrong_signature_is_refused_with_its_reason(header: str | None, expected: Flaw) -> None:
    assert flaw(header) is expected


@pytest.mark.parametrize("at", [NOW - 3600, NOW - 2700, NOW, NOW + 300])
def test_the_last_retry_of_the_vendor_is_still_in_time(at: int) -> None:
    assert flaw(f"t={at},v0={mac(at=at)}") is None


def test_a_body_that_was_written_again_does_not_pass() -> None:
    rewritten = json.dumps(json.loads(BODY)).encode()
    assert flaw(f"t={NOW},v0={GOOD}", rewritten) is Flaw.MISMATCH
    assert flaw(f"t={NOW},v0={GOOD}", BODY + b"\n") is Flaw.MISMATCH


def test_two_secrets_hold_while_they_are_rotated() -> None:
    header = f"t={NOW},v0={mac(secret='wsec_old')}"
    assert flaw(header) is Flaw.MISMATCH
    assert flaw(header, secrets=(SECRET, "wsec_old")) is None


@pytest.mark.parametrize("secrets", [(), ("",)])
def test_without_a_secret_nothing_passes(secrets: tuple[str, ...]) -> None:
    header = f"t={NOW},v0={mac(secret='')}"
    assert flaw(header, secrets=secrets) is Flaw.NO_SECRET


def test_the_vendors_own_case_passes() -> None:
    case = json.loads((SAMPLES / "elevenlabs/official-sdk-test-signature.json").read_text())
    body = case["raw_body"].encode()
    assert flaw(case["header"], body, secrets=(case["secret"],), now=case["now_unix"]) is None


def test_the_bytes_on_the_wire_pass_in_every_encoding() -> None:
    vectors = json.loads((SAMPLES / "elevenlabs/signature-vectors.json").read_text())
    for name, vector in vectors["bodies"].items():
        body = (SAMPLES / "elevenlabs" / name).read_bytes()
        assert flaw(vector["header"], body, secrets=(vectors["secret"],), now=vectors["now_unix"]) is None, name
