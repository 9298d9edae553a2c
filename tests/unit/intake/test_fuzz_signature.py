"""Thousands of headers: no forgery passes, and no right signature is refused, however it is written."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.intake.signature import FUTURE_TOLERANCE_SECONDS, SignatureFault
from tests.support.examples import examples
from tests.support.signatures import signature_fault

SECRET, OLD_SECRET, STRANGE = "wsec_current", "wsec_previous", "wsec_somebody_elses"
NOW, TOLERANCE = 1_793_000_070, 3_600
BODY = b'{"type": "post_call_transcription"}'
CASES = settings(max_examples=examples(2_500))


def mac(at: str, *, body: bytes = BODY, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def fault(header: str | None, body: bytes = BODY) -> SignatureFault | None:
    return signature_fault(header, body, secrets=(SECRET, OLD_SECRET), now=NOW, tolerance_seconds=TOLERANCE)


def proves(header: str, body: bytes = BODY) -> bool:
    """Whether a header holds, in any spelling, a MAC of its own one time that only the secret's owner can make."""
    times = re.findall(r"(?:^|,)\s*t\s*=\s*([^,]*)", header)
    return any(
        mac(at.strip(), body=body, secret=secret) in header.lower() for at in times for secret in (SECRET, OLD_SECRET)
    )


moments = st.one_of(
    st.integers(NOW - 2 * TOLERANCE, NOW + 2 * TOLERANCE).map(str),
    st.sampled_from(["", "0", "-1", "1e9", "nan", "0x10", "1.5", "١٢٣", "9" * 12, "9" * 13, f"{NOW}000", f" {NOW}"]),
)
junk = st.one_of(st.text(max_size=20), st.sampled_from(["v0=", "v1=00", "t=", "v0", "=", "", "T=1", "V0=00", "é"]))


@st.composite
def headers(draw: st.DrawFn) -> str:
    """Parts of every kind, in any order, with any white space: right and wrong MACs, of this and of another body."""
    at = draw(moments)
    macs = [
        mac(at),
        mac(at, secret=OLD_SECRET),
        mac(at, secret=STRANGE),
        mac(at, body=b"another body"),
        mac(str(NOW)),
        "0" * 64,
        mac(at)[:-1],
        mac(at).upper(),
    ]
    parts = [f"t={at}"] * draw(st.integers(0, 2))
    parts += [f"v0={each}" for each in draw(st.lists(st.sampled_from(macs), max_size=3))]
    parts += draw(st.lists(junk, max_size=3))
    space = draw(st.sampled_from(["", " ", "\t"]))
    return draw(st.sampled_from([",", ",", ",", ";", ", "])).join(
        f"{space}{part}{space}" for part in draw(st.permutations(parts))
    )


@CASES
@given(headers())
def test_whatever_passes_was_proved_and_is_of_its_time(header: str) -> None:
    if fault(header) is None:
        assert proves(header)
        (at,) = set(re.findall(r"(?:^|,)\s*t\s*=\s*(\d+)", header))
        assert NOW - TOLERANCE <= int(at) <= NOW + FUTURE_TOLERANCE_SECONDS


@CASES
@given(
    at=st.integers(NOW - TOLERANCE, NOW + FUTURE_TOLERANCE_SECONDS),
    secret=st.sampled_from([SECRET, OLD_SECRET]),
    others=st.lists(st.sampled_from(["v0=" + "0" * 64, "v0=" + mac("1"), "v1=abc", "foo=bar", ""]), max_size=5),
    spelling=st.sampled_from([str.lower, str.upper]),
    space=st.sampled_from(["", " ", "\t"]),
    data=st.data(),
)
def test_a_right_signature_passes_among_whatever_stands_beside_it(  # noqa: PLR0917 — Hypothesis names them
    at: int, secret: str, others: list[str], spelling: Callable[[str], str], space: str, data: st.DataObject
) -> None:
    parts = [f"t={at}", f"v0={spelling(mac(str(at), secret=secret))}", *others]
    header = ",".join(f"{space}{part}{space}" for part in data.draw(st.permutations(parts)))
    assert fault(header) is None


@CASES
@given(st.text(), st.binary(max_size=200))
def test_no_text_is_a_signature(header: str, body: bytes) -> None:
    assert fault(header, body) is not None


@settings(max_examples=examples(1_000))
@given(body=st.binary(max_size=400), flipped=st.integers(0, 10_000))
def test_one_changed_bit_spoils_it(body: bytes, flipped: int) -> None:
    header = f"t={NOW},v0={mac(str(NOW), body=body)}"
    assert fault(header, body) is None
    changed = bytearray(body + b"\0")
    changed[flipped // 8 % len(changed)] ^= 1 << flipped % 8
    assert fault(header, bytes(changed)) is SignatureFault.MISMATCH
