"""Settings: each wrong value is one sentence that names its variable."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from functions.dispatch.settings import RequiredContact, Settings, WireFormat
from postcall.domain.deduplication import Deduplication
from postcall.http.trust import read_bundle
from postcall.settings import SettingError, read_settings
from tools.simulators.crm.certificates import prepare

GOOD = {
    "EVENTS_TABLE": "events",
    "ANALYSES_TABLE": "analyses",
    "DISPATCHES_TABLE": "dispatches",
    "CIRCUITS_TABLE": "circuits",
    "DISPATCH_QUEUE_URL": "http://127.0.0.1/queue",
    "DISPATCH_DEAD_LETTERS_URL": "http://127.0.0.1/dead",
    "EVENT_TTL_DAYS": "90",
    "EXTERNAL_CRM_ENABLED": "true",
    "EXTERNAL_CRM_DRY_RUN": "false",
    "CRM_SERVICE_URL": "https://crm.example.com:6163/0/ServiceModel/X.svc/SaveWebFormObjectData",
    "CRM_LANDING_ID": "CD8C698B-4b42-4a47-aaf4-7a9e72a0344b",
    "CRM_TRUSTED_ORIGIN": "https://www.example.com",
}


def read(**changes: str) -> Settings:
    return read_settings(Settings, GOOD | changes)


def test_the_defaults_are_those_of_the_design() -> None:
    settings = read()
    assert (settings.crm_wire_format, settings.crm_deduplication) == (WireFormat.LETTER, Deduplication.NONE)
    assert settings.crm_require_contact is RequiredContact.NONE
    assert settings.referer == "https://www.example.com/"
    assert settings.crm_max_body_bytes == 60_000
    assert settings.crm_landing_id == "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b"


def test_an_empty_variable_is_an_unset_one() -> None:
    assert read(CRM_REFERER="", CRM_CA_BUNDLE=" ").crm_ca_bundle is None


def test_a_referer_of_its_own() -> None:
    assert read(CRM_REFERER="https://www.example.com/landing").referer == "https://www.example.com/landing"


def test_http_is_for_loopback_only() -> None:
    assert read(CRM_SERVICE_URL="http://127.0.0.1:8080/x").crm_service_url == "http://127.0.0.1:8080/x"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("EXTERNAL_CRM_ENABLED", "maybe", "neither true nor false"),
        ("EXTERNAL_CRM_DRY_RUN", "ja", "neither true nor false"),
        ("CRM_SERVICE_URL", "ftp://x", "not an http or https URL"),
        ("CRM_SERVICE_URL", "crm.example.com", "not an http or https URL"),
        ("CRM_SERVICE_URL", "https://", "not an http or https URL"),
        ("CRM_SERVICE_URL", "http://crm.example.com/", "must be https"),
        ("CRM_SERVICE_URL", "https://user:pass@crm.example.com/", "no user, password"),
        ("CRM_SERVICE_URL", "https://crm.example.com:99999/", "CRM_SERVICE_URL"),
        ("CRM_SERVICE_URL", "https://crm.example.com/a b", "not a URL"),
        ("CRM_SERVICE_URL", "https://crm\x01.example.com/", "not a URL"),
        ("CRM_TRUSTED_ORIGIN", "https://user:pass@www.example.com", "not an origin"),
        ("CRM_LANDING_ID", "123", "not a GUID"),
        ("CRM_TRUSTED_ORIGIN", "https://www.example.com/", "not an origin"),
        ("CRM_TRUSTED_ORIGIN", "www.example.com", "not an origin"),
        ("CRM_REFERER", "/landing", "not an absolute"),
        ("CRM_WIRE_FORMAT", "xml", "none of letter, web_form"),
        ("CRM_DEDUPLICATION", "yes", "none of none, lead_id, event_id"),
        ("CRM_REQUIRE_CONTACT", "fax", "none of none, any, phone, email"),
        ("CRM_TIMEOUT_SECONDS", "0", "not a number from"),
        ("CRM_TIMEOUT_SECONDS", "1e3", "not a number from"),
        ("CRM_MAX_BODY_BYTES", "9", "not a whole number from"),
        ("CRM_MAX_BODY_BYTES", "٤٠٠٠", "not a whole number from"),
        ("CRM_CA_BUNDLE", "/nowhere/ca.pem", "there is no file"),
        ("CRM_FIELD_MAP", "nowhere", "there is no field map 'nowhere' (there are: letter, stock)."),
        ("EVENTS_TABLE", "", "is not set"),
    ],
)
def test_a_wrong_value_is_one_sentence_naming_its_variable(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingError) as refused:
        read(**{name: value})
    assert str(refused.value).startswith(name)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_ca_bundle_is_a_file_of_certificates(tmp_path: Path) -> None:
    _, bundle = prepare("private-ca", tmp_path)
    assert read(CRM_CA_BUNDLE=str(bundle)).crm_ca_bundle == bundle


@pytest.mark.parametrize("text", ["", "-", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", "\x00\xff"])
def test_a_file_without_a_certificate_is_refused(tmp_path: Path, text: str) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text(text)
    with pytest.raises(SettingError, match="holds no certificate in PEM form"):
        read(CRM_CA_BUNDLE=str(bundle))


def test_a_key_is_no_certificate(tmp_path: Path) -> None:
    prepare("private-ca", tmp_path)
    with pytest.raises(SettingError, match="holds no certificate"):
        read(CRM_CA_BUNDLE=str(tmp_path / "server.key"))


def test_the_end_of_a_bundle_can_be_asked(tmp_path: Path) -> None:
    found = read_bundle(prepare("private-ca", tmp_path)[1])
    assert found.certificates == 1
    assert found.expires_at is not None
    assert found.expires_at > datetime.now(UTC)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"CRM_DEDUPLICATION": "lead_id"}, "CRM_DEDUPLICATION: lead_id needs CRM_WIRE_FORMAT=web_form"),
        (
            {"CRM_MAX_REQUESTS_PER_SECOND": "0.5", "DISPATCH_CONCURRENCY": "100"},
            "CRM_MAX_REQUESTS_PER_SECOND: a worker",
        ),
        ({"CRM_TIMEOUT_SECONDS": "50", "DISPATCH_LEASE_SECONDS": "40"}, "CRM_MAX_REQUESTS_PER_SECOND: a worker"),
    ],
)
def test_settings_that_do_not_go_together(changes: dict[str, str], says: str) -> None:
    with pytest.raises(SettingError) as refused:
        read(**changes)
    assert str(refused.value).startswith(says)


def test_the_stock_servers_settings_go_together() -> None:
    read(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock", CRM_DEDUPLICATION="lead_id")
    read(CRM_DEDUPLICATION="event_id")
