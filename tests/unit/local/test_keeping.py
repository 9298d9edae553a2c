"""What a run keeps for the next one: ports and secrets, for its owner only."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import socket
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

from postcall.settings import SettingError
from tools.local.access import kept_access
from tools.local.endpoints import Endpoints, queue_urls, read_endpoints, table_names
from tools.local.ports import HOST, choose_ports, running_ports
from tools.local.private_file import make_private, read_json, write_json


def test_the_runs_folder_is_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir(mode=0o755)
    for folder in (tmp_path / "kept", tmp_path / "new"):
        make_private(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_ports_are_the_ones_of_last_time(tmp_path: Path) -> None:
    first = choose_ports(tmp_path / "ports.json", api=None)
    assert len({first.api, first.aws, first.crm, first.crm_admin}) == 4
    assert choose_ports(tmp_path / "ports.json", api=None) == first


def test_a_port_that_somebody_else_took_is_replaced(tmp_path: Path) -> None:
    first = choose_ports(tmp_path / "ports.json", api=None)
    with socket.create_server((HOST, first.aws)):
        second = choose_ports(tmp_path / "ports.json", api=None)
    assert second.aws != first.aws
    assert second.api == first.api


def test_a_chosen_port_is_its_servers_only(tmp_path: Path) -> None:
    for _ in ("chosen", "as last time"):
        ports = dataclasses.astuple(choose_ports(tmp_path / "ports.json", api=None))
        for port in ports:
            with socket.socket() as somebody, pytest.raises(OSError, match="in use"):
                somebody.bind((HOST, port))
            with socket.create_server((HOST, port)):
                pass


def test_a_port_that_a_page_of_last_time_asks_meanwhile_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, connect = choose_ports(tmp_path / "ports.json", api=None), socket.create_connection
    with ExitStack() as pages:

        def after_a_page(address: tuple[str, int]) -> socket.socket:
            pages.enter_context(connect(address))
            return connect(address, timeout=5)

        monkeypatch.setattr(socket, "create_connection", after_a_page)
        assert choose_ports(tmp_path / "ports.json", api=None) == first


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingError, match=f"POSTCALL_PORT: port {port} is taken"):
            choose_ports(tmp_path / "ports.json", api=port)


def test_secrets_are_generated_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = kept_access(path, webhook_secret=None, openai_api_key=None)
    assert first.webhook_secret.startswith("wsec_")
    assert kept_access(path, webhook_secret=None, openai_api_key=None) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_shell_s_webhook_secret_goes_before_and_is_not_written_down(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    access = kept_access(path, webhook_secret="wsec_given", openai_api_key=None)
    assert access.values()["postcall/local/elevenlabs-webhook"] == "wsec_given"
    assert "wsec_given" not in path.read_text(encoding="utf-8")


def test_the_functions_get_the_operator_s_token_as_a_hash_only(tmp_path: Path) -> None:
    access = kept_access(tmp_path / "secrets.json", webhook_secret=None, openai_api_key=None)
    stored = json.loads(access.values()["postcall/local/operator-tokens"])
    digest = hashlib.sha256(access.operator_token.encode()).hexdigest()
    (row,) = stored["tokens"]
    assert (row["name"], row["sha256"]) == ("local-operator", digest)
    assert row["may"] == ["bring", "look", "act", "erase"]


def test_without_a_key_the_model_s_secret_is_empty(tmp_path: Path) -> None:
    access = kept_access(tmp_path / "secrets.json", webhook_secret=None, openai_api_key=None)
    assert json.loads(access.values()["postcall/local/openai"]) == {"api_key": ""}


def test_endpoints_are_read_back_as_they_were_written_and_only_by_their_owner(tmp_path: Path) -> None:
    endpoints = Endpoints(
        api_url="http://127.0.0.1:1",
        webhook_url="http://127.0.0.1:1/webhooks/elevenlabs",
        console_url=None,
        operator_token="token",
        webhook_secret="wsec_x",
        crm_url="http://127.0.0.1:2/crm",
        crm_admin_url="http://127.0.0.1:3",
        aws_endpoint_url="http://127.0.0.1:4",
        aws_ca_bundle=None,
        region="eu-central-1",
        tables=table_names(),
        queues=queue_urls("http://127.0.0.1:4", "000000000000"),
        logs="logs",
    )
    path = tmp_path / "endpoints.json"
    endpoints.write(path)
    assert read_endpoints(path) == endpoints
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert endpoints.queues["dispatch_dead_letters"].endswith("/000000000000/postcall-local-dispatch-dead-letters")


def test_a_file_that_is_missing_or_broken_holds_nothing(tmp_path: Path) -> None:
    assert read_endpoints(tmp_path / "endpoints.json") is None
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    assert read_json(tmp_path / "broken.json") == {}
    write_json(tmp_path / "other.json", {"api_url": "http://127.0.0.1:1"})
    assert read_endpoints(tmp_path / "other.json") is None


def test_a_stack_of_an_earlier_version_gets_the_ports_it_lacks(tmp_path: Path) -> None:
    write_json(tmp_path / "ports.json", {"api": 1, "aws": 2, "crm": 3, "crm_admin": 4})
    ports = running_ports(tmp_path / "ports.json")
    assert (ports.api, ports.aws, ports.crm, ports.crm_admin) == (1, 2, 3, 4)
    assert running_ports(tmp_path / "ports.json") == ports
