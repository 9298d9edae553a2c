"""What a deployment looks at, it sees by the bootstrap's lookup role, where that may be taken."""

from collections.abc import Iterator
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.deployment.account import lookup_session
from tests.infra.templates import environment


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.session.Session]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.session.Session(region_name="eu-central-1")


def test_the_lookup_role_is_taken(own: boto3.session.Session) -> None:
    taken = lookup_session(environment("uat"), own).client("sts").get_caller_identity()["Arn"]

    assert "cdk-hnb659fds-lookup-role-111111111111-eu-central-1" in taken


class Denied:
    """A session that may take no role, for the given reason."""

    def __init__(self, code: str) -> None:
        self._code = code

    def client(self, *_: object, **__: object) -> Any:
        return self

    def assume_role(self, **_: object) -> None:
        raise ClientError({"Error": {"Code": self._code, "Message": "no"}}, "AssumeRole")


def test_ones_own_rights_do_where_it_may_not_be_taken() -> None:
    own = cast("boto3.session.Session", Denied("AccessDenied"))

    assert lookup_session(environment("uat"), own) is own


def test_any_other_refusal_is_told() -> None:
    with pytest.raises(ClientError, match="ExpiredToken"):
        lookup_session(environment("uat"), cast("boto3.session.Session", Denied("ExpiredToken")))
