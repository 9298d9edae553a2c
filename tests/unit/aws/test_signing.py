"""A request is signed as botocore signs it, and as AWS's own example says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st

from postcall.aws.signing import Signer

URL = "https://dynamodb.eu-central-1.amazonaws.com/"
NOW = datetime(2026, 11, 29, 23, 59, 59, tzinfo=UTC)
WORD = st.text("abcXYZ019+/=_-", min_size=1)
WORDS = st.lists(WORD, min_size=1, max_size=4).map("  ".join)


def by_botocore(credentials: Credentials, url: str, headers: dict[str, str], body: bytes, now: datetime) -> Any:
    request = AWSRequest("POST", url, headers, body)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("botocore.auth.get_current_datetime", lambda: now)
        SigV4Auth(credentials, "dynamodb", "eu-central-1").add_auth(request)
    return dict(request.headers.items())


@given(
    body=st.binary(max_size=200),
    named=st.fixed_dictionaries({"X-Amz-Target": WORDS}, optional={"X-Amzn-Trace-Id": WORD}),
    credentials=st.builds(Credentials, WORD, WORD, st.none() | WORD),
    url=st.sampled_from([URL, "http://127.0.0.1:4566/"]),
    now=st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 — as it asks
)
def test_it_is_botocores_signature(
    body: bytes, named: dict[str, str], credentials: Credentials, url: str, now: datetime
) -> None:
    headers = {"Content-Type": "application/x-amz-json-1.0", "User-Agent": "any", **named}
    signer = Signer(credentials, service="dynamodb", region="eu-central-1", url=url)
    assert signer.signed(headers, body, now=now) == by_botocore(credentials, url, headers, body, now)


def test_it_is_the_signature_of_awss_own_example() -> None:
    """`post-vanilla` of the test suite for version 4."""
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    signer = Signer(credentials, service="service", region="us-east-1", url="https://example.amazonaws.com/")
    signed = signer.signed({}, b"", now=datetime(2015, 8, 30, 12, 36, tzinfo=UTC))
    signature = signed["Authorization"].rpartition("Signature=")[2]
    assert signature == "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"


def test_credentials_that_were_renewed_sign_the_next_request() -> None:
    credentials = Credentials("first", "first")
    signer = Signer(credentials, service="sqs", region="eu-central-1", url=URL)
    before = signer.signed({}, b"", now=NOW)["Authorization"]
    credentials.access_key, credentials.secret_key = "second", "second"
    after = signer.signed({}, b"", now=NOW)["Authorization"]
    assert "Credential=second/" in after
    assert before.rpartition("=")[2] != after.rpartition("=")[2]


def test_without_credentials_nothing_is_signed() -> None:
    with pytest.raises(NoCredentialsError):
        Signer(None, service="sqs", region="eu-central-1", url=URL).signed({}, b"", now=NOW)
