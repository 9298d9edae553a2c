"""Where an environment's address and token come from, and what is said when they are not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.postcall.errors import WrongUsage
from tools.postcall.target import find_target, is_readable_by_others

VARIABLES = {"POSTCALL_UAT_API_URL": "https://api.example.com/", "POSTCALL_UAT_TOKEN": "from-the-shell"}


def written(tmp_path: Path, text: str, env: str = "uat") -> dict[str, str]:
    folder = tmp_path / "postcall"
    folder.mkdir()
    (folder / f"{env}.toml").write_text(text, encoding="utf-8")
    return {"XDG_CONFIG_HOME": str(tmp_path)}


def test_variables_name_the_environment(tmp_path: Path) -> None:
    target = find_target("uat", VARIABLES | {"HOME": str(tmp_path)})
    assert (target.api_url, target.token) == ("https://api.example.com", "from-the-shell")
    assert target.prefix == "postcall-uat"


def test_a_file_may_name_it_and_a_variable_goes_before(tmp_path: Path) -> None:
    environment = written(tmp_path, 'api_url = "https://file.example.com"\ntoken = "t"\naws_profile = "work"\n')
    target = find_target("uat", environment)
    assert (target.api_url, target.token, target.aws_profile) == ("https://file.example.com", "t", "work")
    assert find_target("uat", environment | VARIABLES).token == "from-the-shell"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("api_url = ", "uat.toml"),
        ('api_url = "https://a.example"', "POSTCALL_UAT_TOKEN is not set"),
        ('token = "t"', "POSTCALL_UAT_API_URL is not set"),
        ('api_url = "http://a.example"\ntoken = "t"', "must be https"),
        ('api_url = "https://a.example"\ntoken = "t"\npassword = "x"', "unknown member password"),
        ('api_url = "https://a.example"\ntoken = 1', "token must be a text"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(WrongUsage, match=says):
        find_target("uat", written(tmp_path, text))


def test_local_reads_what_the_stack_wrote(tmp_path: Path) -> None:
    members: dict[str, object] = {
        "api_url": "http://127.0.0.1:1",
        "webhook_url": "",
        "console_url": None,
        "operator_token": "t",
        "webhook_secret": "s",
        "crm_url": "",
        "crm_admin_url": None,
        "aws_endpoint_url": "http://127.0.0.1:2",
        "aws_ca_bundle": None,
        "region": "eu-central-1",
        "tables": {},
        "queues": {},
        "logs": "",
    }
    (tmp_path / "endpoints.json").write_text(json.dumps(members), encoding="utf-8")
    assert find_target("local", {"POSTCALL_LOCAL_DIR": str(tmp_path)}).api_url == "http://127.0.0.1:1"


def test_a_stack_that_is_not_up_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="make up"):
        find_target("local", {"POSTCALL_LOCAL_DIR": str(tmp_path)})


def test_the_token_is_not_in_a_targets_text() -> None:
    assert "from-the-shell" not in repr(find_target("uat", VARIABLES | {"HOME": "/nowhere"}))


def test_a_file_that_others_may_read_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "uat.toml"
    path.touch(mode=0o600)
    assert not is_readable_by_others(path)
    path.chmod(0o644)
    assert is_readable_by_others(path)
