"""The vendor's own package judges signatures as we do, but for the cases that docs/contracts/elevenlabs.md lists."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from elevenlabs import BadRequestError, webhooks_custom
from elevenlabs.client import ElevenLabs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.intake.elevenlabs import read_envelope
from postcall.domain.errors import Rejected
from tests.support.builders import SAMPLES, SECRET, any_webhook
from tests.support.examples import examples
from tests.support.signatures import signature_fault

NOW = 1_793_000_070
TEXT = json.dumps(any_webhook())
DOCUMENT = Path(__file__).parents[2] / "docs/contracts/elevenlabs.md"


def mac(at: str = str(NOW), text: str = TEXT, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{at}.{text}".encode(), hashlib.sha256).hexdigest()


GOOD, BAD = mac(), "0" * 64
HOUR = 3_600


def at(moment: int) -> str:
    return f"t={moment},v0={mac(str(moment))}"


@dataclass(frozen=True)
class Case:
    """A header (and a body), and who accepts it."""

    header: str
    both: bool | None = None  # what both say; None where they differ and `ours` says what we do
    ours: bool | None = None
    text: str = TEXT
    secret: str = SECRET


CASES = {
    "right": Case(f"t={NOW},v0={GOOD}", both=True),
    "right, the signature first": Case(f"v0={GOOD},t={NOW}", both=True),
    "right, with other parts": Case(f"t={NOW},v1=abc,foo=bar,v0={GOOD}", both=True),
    "29 minutes old": Case(at(NOW - 29 * 60), both=True),
    "a minute in the future": Case(at(NOW + 60), both=True),
    "another secret": Case(f"t={NOW},v0={mac(secret='wsec_other')}", both=False),
    "another body": Case(f"t={NOW},v0={mac(text='{}')}", both=False),
    "another time": Case(f"t={NOW + 1},v0={GOOD}", both=False),
    "no header": Case("", both=False),
    "no time": Case(f"v0={GOOD}", both=False),
    "no signature": Case(f"t={NOW}", both=False),
    "an empty signature": Case(f"t={NOW},v0=", both=False),
    "an empty time": Case(f"t=,v0={mac('')}", both=False),
    "another scheme": Case(f"t={NOW},v1={GOOD}", both=False),
    "a capital V": Case(f"t={NOW},V0={GOOD}", both=False),
    "semicolons": Case(f"t={NOW};v0={GOOD}", both=False),
    "only the signature": Case(GOOD, both=False),
    "two hours old": Case(at(NOW - 2 * HOUR), both=False),
    "no secret": Case(f"t={NOW},v0={mac(secret='')}", both=False, secret=""),
    "a fraction of a second": Case(f"t={NOW}.5,v0={mac(f'{NOW}.5')}", both=False),
    # where we differ
    "white space": Case(f" t={NOW}, v0={GOOD} ", ours=True),
    "several signatures, the right one first": Case(f"t={NOW},v0={GOOD},v0={BAD}", ours=True),
    "upper-case hexadecimal": Case(f"t={NOW},v0={GOOD.upper()}", ours=True),
    "30 to 60 minutes old": Case(at(NOW - 45 * 60), ours=True),
    "more than 5 minutes in the future": Case(at(NOW + HOUR), ours=False),
    "a time in milliseconds": Case(at(NOW * 1000), ours=False),
    "several times": Case(f"t={BAD},t={NOW},v0={GOOD}", ours=False),
    "a time that is no number": Case(f"t=abc,v0={mac('abc')}", ours=False),
    "more than 16 parts": Case(f"t={NOW},v0={GOOD}" + ",x=1" * 20, ours=False),
}
DIFFERENCES = {name for name, case in CASES.items() if case.both is None} | {"a body that is no JSON"}


@pytest.fixture(scope="module", autouse=True)
def still() -> Iterator[None]:
    """The package asks the machine for the time: it stands still."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(webhooks_custom, "time", SimpleNamespace(time=lambda: float(NOW)))
        yield


@pytest.fixture(scope="module")
def vendor() -> ElevenLabs:
    return ElevenLabs(api_key="none")


def vendor_accepts(vendor: ElevenLabs, case: Case) -> bool:
    """Whether the package accepts; its own errors, of whatever kind, mean that it does not."""
    try:
        vendor.webhooks.construct_event(rawBody=case.text, sig_header=case.header, secret=case.secret)
    except (BadRequestError, ValueError):
        return False
    return True


def we_accept(case: Case) -> bool:
    fault = signature_fault(case.header, case.text.encode(), secrets=(case.secret,), now=NOW, tolerance_seconds=HOUR)
    return fault is None


@pytest.mark.parametrize("name", CASES)
def test_we_agree_wherever_it_is_right(vendor: ElevenLabs, name: str) -> None:
    case = CASES[name]
    if case.both is None:
        assert we_accept(case) is case.ours
        assert vendor_accepts(vendor, case) is not case.ours or name == "a time that is no number"
    else:
        assert (vendor_accepts(vendor, case), we_accept(case)) == (case.both, case.both)


def test_a_time_that_is_no_number_is_an_error_of_the_wrong_kind_there(vendor: ElevenLabs) -> None:
    case = CASES["a time that is no number"]
    with pytest.raises(ValueError, match="invalid literal"):
        vendor.webhooks.construct_event(rawBody=case.text, sig_header=case.header, secret=case.secret)


def test_a_body_that_is_no_json_is_refused_by_us_with_a_sentence(vendor: ElevenLabs) -> None:
    case = Case(f"t={NOW},v0={mac(text='no JSON')}", text="no JSON")
    with pytest.raises(json.JSONDecodeError):
        vendor.webhooks.construct_event(rawBody=case.text, sig_header=case.header, secret=case.secret)
    assert we_accept(case)
    with pytest.raises(Rejected):
        read_envelope(case.text.encode())


def test_the_differences_are_those_that_the_contract_lists() -> None:
    _, chapter = DOCUMENT.read_text(encoding="utf-8").split("## Where we differ from the vendor's package")
    chapter, *_ = chapter.split("\n## ")
    listed = {row.split("|")[1].strip() for row in re.findall(r"^\|.*\|$", chapter, re.MULTILINE)[2:]}
    assert listed == DIFFERENCES


def test_every_sample_is_accepted_by_both(vendor: ElevenLabs) -> None:
    for path in sorted((SAMPLES / "elevenlabs").glob("[0-9w]*-*.*")):
        text = path.read_bytes().decode()
        case = Case(f"t={NOW},v0={mac(text=text)}", text=text)
        assert (vendor_accepts(vendor, case), we_accept(case)) == (True, True), path.name


@settings(max_examples=examples(500), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(codec="utf-8"), max_size=40),
    moment=st.integers(NOW - 2 * HOUR, NOW + 300),
    signed_as=st.integers(NOW - 2 * HOUR, NOW + 300),
    secret=st.sampled_from([SECRET, "wsec_other"]),
    order=st.sampled_from([1, -1]),
)
def test_on_headers_of_the_vendors_own_form_we_agree(  # noqa: PLR0917 — Hypothesis names them
    vendor: ElevenLabs, text: str, moment: int, signed_as: int, secret: str, order: int
) -> None:
    body = json.dumps({"text": text})
    parts = [f"t={moment}", f"v0={mac(str(signed_as), body, secret)}"]
    case = Case(",".join(parts[::order]), text=body)
    too_old_there = NOW - HOUR <= moment <= NOW - HOUR // 2
    assert vendor_accepts(vendor, case) == (we_accept(case) and not too_old_there)
