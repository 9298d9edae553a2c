"""The local stack's settings: a wrong one is one sentence that names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from postcall.settings import SettingError
from tools.local.settings import read_local_settings, unknown_settings
from tools.simulators.crm.certificates import prepare


def test_without_any_setting_the_simulator_is_the_crm_and_the_letter_s_landing_is_used() -> None:
    settings = read_local_settings({})
    assert not settings.own_crm
    assert settings.outside == {
        "CRM_LANDING_ID": "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b",
        "CRM_TRUSTED_ORIGIN": "https://mir.utlik.pro",
    }


def test_the_shell_s_settings_travel_under_their_own_names() -> None:
    settings = read_local_settings(
        {
            "EXTERNAL_CRM_DRY_RUN": "true",
            "CRM_SERVICE_URL": "http://127.0.0.1:9/crm",
            "OPENAI_MODEL": "gpt-6-luna",
            "OPENAI_API_KEY": "key",
            "HOME": "/home/somebody",
        }
    )
    assert settings.own_crm
    assert settings.openai_api_key == "key"
    assert settings.outside.items() >= {
        ("EXTERNAL_CRM_DRY_RUN", "true"),
        ("CRM_SERVICE_URL", "http://127.0.0.1:9/crm"),
        ("OPENAI_MODEL", "gpt-6-luna"),
    }
    assert not {"OPENAI_API_KEY", "HOME"} & settings.outside.keys()


def test_a_key_of_elevenlabs_that_lies_about_brings_no_real_calls_here() -> None:
    alone = read_local_settings({"ELEVENLABS_API_KEY": "sk_real"})
    assert not alone.own_elevenlabs
    wanted = read_local_settings({"ELEVENLABS_API_KEY": "sk_real", "ELEVENLABS_API_URL": "https://api.elevenlabs.io"})
    assert (wanted.own_elevenlabs, wanted.elevenlabs_api_key) == (True, "sk_real")
    assert not {"ELEVENLABS_API_KEY", "ELEVENLABS_WEBHOOK_SECRET"} & wanted.outside.keys()


def test_an_empty_variable_is_unset() -> None:
    assert read_local_settings({"CRM_SERVICE_URL": " ", "POSTCALL_PORT": ""}) == read_local_settings({})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("EXTERNAL_CRM_ENABLED", "maybe"),
        ("EXTERNAL_CRM_DRY_RUN", "2"),
        ("CRM_SERVICE_URL", "ftp://crm.example.com"),
        ("CRM_SERVICE_URL", "http://crm.example.com/save"),
        ("CRM_LANDING_ID", "4711"),
        ("CRM_TRUSTED_ORIGIN", "https://www.example.com/page"),
        ("CRM_REFERER", "www.example.com"),
        ("CRM_WIRE_FORMAT", "xml"),
        ("CRM_DEDUPLICATION", "phone"),
        ("CRM_REQUIRE_CONTACT", "all"),
        ("CRM_TIMEOUT_SECONDS", "0"),
        ("CRM_MAX_BODY_BYTES", "many"),
        ("CRM_MAX_REQUESTS_PER_SECOND", "-1"),
        ("CRM_CA_BUNDLE", "/there/is/no/such.pem"),
        ("OPENAI_BASE_URL", "localhost:8000"),
        ("OPENAI_SCHEMA_MODE", "yaml"),
        ("ELEVENLABS_API_URL", "http://api.example.com"),
        ("ELEVENLABS_CALLS_SINCE", "yesterday"),
        ("POSTCALL_PORT", "70000"),
        ("POSTCALL_KEEP_STATE", "perhaps"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(name: str, text: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_local_settings({name: text})
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)


def test_a_file_is_named_to_the_functions_by_its_full_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare("private-ca", tmp_path)[1].rename(tmp_path / "crm.pem")
    monkeypatch.chdir(tmp_path)
    assert read_local_settings({"CRM_CA_BUNDLE": "crm.pem"}).outside["CRM_CA_BUNDLE"] == str(tmp_path / "crm.pem")


def test_a_misspelt_setting_is_noticed() -> None:
    environment = {"CRM_TIMOUT_SECONDS": "5", "CRM_TIMEOUT_SECONDS": "5", "OPENAI_ORGANIZATION": "theirs"}
    assert unknown_settings(environment) == ["CRM_TIMOUT_SECONDS"]
