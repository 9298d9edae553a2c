"""A client that is made of the needed models alone is the one that botocore makes of all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.session import Session

from postcall.aws import clients
from postcall.aws.needed_models import SERVICES, NeededModels

REGIONS = ("eu-central-1", "us-east-1", "il-central-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1")
UNUSED = ("botocore.docs.bcdoc", "html.parser", "dateutil.parser._parser", "urllib3.http2.connection")


def made(service: str, region: str, *, quick: bool, **settings: Any) -> dict[str, object]:
    """Where a client sends its requests, and how it signs them."""
    session = _quick_session() if quick else _whole_session()
    client = session.create_client(
        service, region, aws_access_key_id="invented", aws_secret_access_key="invented", **settings
    )
    sent: list[Any] = []

    def answer(request: Any, **_: object) -> Any:
        sent.append(request)
        return _answer(request)

    client.meta.events.register("before-send", answer)
    operation, parameters = {
        "dynamodb": ("list_tables", {}),
        "secretsmanager": ("get_secret_value", {"SecretId": "one"}),
        "sqs": ("send_message", {"QueueUrl": f"https://sqs.{region}.amazonaws.com/1/one", "MessageBody": "text"}),
    }[service]
    getattr(client, operation)(**parameters)
    signed = sent[0].headers["Authorization"].decode().split(", ")
    return {
        "url": sent[0].url,
        "scope": signed[0].split("/")[2:],
        "headers": signed[1],
        "endpoint": client.meta.endpoint_url,
        "operations": dir(client),
        "config": {name: value for name, value in vars(client.meta.config).items() if name != "_user_provided_options"},
    }


def _quick_session() -> Session:
    session = Session()
    session.register_component("data_loader", NeededModels())
    return session


@cache
def _whole_session() -> Session:
    """Botocore's own, which reads all of its models: once."""
    return Session()


def _answer(request: Any) -> Any:
    from botocore.awsrequest import AWSResponse
    from botocore.compat import HTTPHeaders

    raw = type("Raw", (), {"stream": lambda *_, **__: [b"{}"]})()
    return AWSResponse(request.url, 200, HTTPHeaders(), raw)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("service", SERVICES)
def test_it_asks_the_same_address_with_the_same_signature(service: str, region: str) -> None:
    assert _plain(made(service, region, quick=True)) == _plain(made(service, region, quick=False))


def _plain(found: dict[str, object]) -> str:
    return json.dumps(found, default=str, sort_keys=True)


def test_another_form_of_botocores_partitions_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Loader.load_data_with_path

    def changed(self: NeededModels, name: str) -> tuple[Any, str]:
        return ({"partitions": [{}]}, "") if name == "partitions" else whole(self, name)

    monkeypatch.setattr(Loader, "load_data_with_path", changed)
    partitions = NeededModels().load_data_with_path("endpoints")[0]["partitions"]
    assert "dynamodb" in partitions[0]["services"]


def test_what_only_some_calls_need_is_made_of_all_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    clients.forget()
    settings: Any = clients.s3().meta.config
    assert settings.signature_version == "s3v4"
    assert clients.functions().meta.endpoint_url == "https://lambda.eu-central-1.amazonaws.com"
    clients.forget()


def test_making_clients_loads_nothing_that_only_documents_or_dates_need() -> None:
    code = (
        "from postcall.aws import clients as c; c.dynamodb(); c.sqs(); c.secrets_manager(); import sys; "
        f"print([name for name in {UNUSED!r} if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 — our own interpreter
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"AWS_DEFAULT_REGION": "eu-west-1"},
    )
    assert done.stdout.strip() == "[]"
