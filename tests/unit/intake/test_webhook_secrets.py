"""How the webhook's secret may be stored, and that any other way is called our own mistake."""

from __future__ import annotations

import json

import pytest

from functions.intake.signature import OUR_FAULTS, SignatureError, SignatureFault, verify_signature
from functions.intake.webhook_secrets import read_secrets
from tests.support.builders import SECRET, signature
from tests.support.signatures import signature_fault

USABLE = {
    SECRET: (SECRET,),
    f"  {SECRET}\n": (SECRET,),
    f"\ufeff{SECRET}": (SECRET,),
    "of-another-maker+/=": ("of-another-maker+/=",),
    "0123456789abcdef": ("0123456789abcdef",),
    json.dumps({"current": SECRET, "previous": "wsec_the_old_secret"}): (SECRET, "wsec_the_old_secret"),
    json.dumps({"current": f" {SECRET} ", "previous": None}): (SECRET,),
    json.dumps({"current": SECRET, "note": "rotated in May"}): (SECRET,),
}
WRAPPED = [
    json.dumps({"ELEVENLABS_WEBHOOK_SECRET": SECRET}),
    json.dumps({"value": "abc", "version": 2}),
    json.dumps([SECRET]),
    json.dumps(SECRET),
    f"'{SECRET}'",
    f'"{SECRET}',
    f"ELEVENLABS_WEBHOOK_SECRET={SECRET}",
    f"{SECRET}\nwsec_the_old_secret",
    f'{{"current": "{SECRET}"',
    json.dumps({"current": 5}),
    json.dumps({"current": f'"{SECRET}"'}),
]
MISSING = ["", "  \n", json.dumps({"current": ""}), json.dumps({"current": None, "previous": None})]


@pytest.mark.parametrize(("stored", "secrets"), USABLE.items())
def test_a_bare_secret_or_two_that_rotate_are_in_force(stored: str, secrets: tuple[str, ...]) -> None:
    assert read_secrets(stored) == secrets


def fault_of(stored: str) -> SignatureFault:
    """The fault that reading them raises."""
    with pytest.raises(SignatureError) as raised:
        read_secrets(stored)
    return raised.value.fault


@pytest.mark.parametrize("stored", WRAPPED)
def test_what_stands_around_a_secret_is_our_own_mistake(stored: str) -> None:
    assert fault_of(stored) is SignatureFault.WRAPPED_SECRET


@pytest.mark.parametrize("stored", MISSING)
def test_a_secret_that_is_not_there_is_our_own_mistake_too(stored: str) -> None:
    assert fault_of(stored) is SignatureFault.NO_SECRET


@pytest.mark.parametrize("stored", ["0123456789abcde", json.dumps({"current": SECRET, "previous": "short"})])
def test_a_secret_that_can_be_guessed_is_our_own_mistake(stored: str) -> None:
    assert fault_of(stored) is SignatureFault.SHORT_SECRET


@pytest.mark.parametrize("stored", [WRAPPED[0], MISSING[0]])
def test_only_a_signed_call_can_be_the_victim_of_our_own_mistake(stored: str) -> None:
    def fault(header: str | None) -> SignatureFault:
        with pytest.raises(SignatureError) as raised:
            verify_signature(header, b"{}", secrets=lambda: read_secrets(stored), now=1_000, tolerance_seconds=60)
        return raised.value.fault

    assert fault(signature(b"{}", at=1_000)) in OUR_FAULTS
    assert fault(None) is SignatureFault.MISSING
    assert fault("t=now,v0=00") is SignatureFault.MALFORMED


def test_an_equal_header_twice_is_one_header() -> None:
    header = signature(b"{}", at=1_000)
    for joined in (f"{header},{header}", f"{header}, {header}"):
        assert signature_fault(joined, b"{}", secrets=(SECRET,), now=1_000, tolerance_seconds=60) is None
    other = signature(b"{}", at=1_001)
    assert (
        signature_fault(f"{header},{other}", b"{}", secrets=(SECRET,), now=1_000, tolerance_seconds=60)
        is SignatureFault.MALFORMED
    )
