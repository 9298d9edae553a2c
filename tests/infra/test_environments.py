"""An environment's file is checked before anything is made of it."""

import dataclasses
import random
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from infra.environments import ENVIRONMENTS, FOLDER, BadConfigurationError, load, parse
from infra.environments.retry import Retry
from infra.environments.step_settings import SETTINGS, chosen_fields
from infra.resources.dependency_layer import ROOT
from postcall.settings import SettingError, read_settings
from tests.infra.templates import ON_AWS, environment


def uat() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "uat.toml").read_text(encoding="utf-8"))


def changed(path: str, value: object) -> dict[str, Any]:
    """UAT's values with one of them changed."""
    values = uat()
    *sections, key = path.split(".")
    section = values
    for name in sections:
        section = section[name]
    section[key] = value
    return values


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment_is_valid_and_bears_its_files_name(name: str) -> None:
    assert load(name).name == name


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("account", "12345", "account: String should match pattern"),
        ("availability_zones", ["eu-west-1a", "eu-west-1b"], "availability_zones must all lie in eu-central-1"),
        ("availability_zones", ["eu-central-1a", "eu-central-1a"], "availability_zones must not name a zone twice"),
        ("availability_zones", ["eu-central-1a", "eu-central-12"], "availability_zones must all lie in eu-central-1"),
        ("network.cidr", "10.0.0.0/23", "network.cidr has 512 addresses; its subnets need 640"),
        ("runtime.log_days", 15, "runtime.log_days: CloudWatch keeps logs for 1, 3, 5, 7, 14, 30,"),
        ("network.nat_gateways", 3, "network.nat_gateways (3) must not exceed the availability zones"),
        ("network.cidr", "10.0.0.0/8", "network.cidr: must be a private network between /16 and /28"),
        ("network.typo", 1, "network.typo: Extra inputs are not permitted"),
        ("dispatch.concurrency", 1, "dispatch.concurrency must be at least 2"),
        ("dispatch.lease_seconds", 60, "dispatch.lease_seconds must lie between"),
        ("queues.dead_letter_days", 4, "queues.dead_letter_days must exceed retention_days"),
        ("queues.retention_days", 1, "queues.retention_days must outlast the longest possible series of retries"),
        ("queues.dispatch_receives", 5, "give either outage_hours or receives"),
        (
            "functions.dispatch.timeout_seconds",
            35,
            "functions.dispatch.timeout_seconds must exceed crm.timeout_seconds",
        ),
        ("crm.service_url", "http://crm.example.com", "CRM_SERVICE_URL: 'http://crm.example.com' must be https"),
        ("crm.service_url", "", "CRM_SERVICE_URL is not set"),
        ("crm.trusted_origin", "https://example.com/", "CRM_TRUSTED_ORIGIN: 'https://example.com/' is not an origin"),
        ("crm.wire_format", "xml", "CRM_WIRE_FORMAT: 'xml' is none of letter, web_form"),
        ("crm.tiemout_seconds", 30, "crm.tiemout_seconds: no step has a setting CRM_TIEMOUT_SECONDS"),
        ("crm.ca_bundle", "/nowhere/ca.pem", "CRM_CA_BUNDLE: there is no file"),
        ("openai", {"deadline_seconds": 115}, "functions.analysis.timeout_seconds must exceed openai.deadline_seconds"),
        ("functions.intake.timeout_seconds", 30, "functions.intake and functions.operations answer an API"),
        ("functions.shipping", {"memory_mb": 128, "timeout_seconds": 1}, "functions.shipping.[key]"),
        ("reconciliation", {"retrying_after_seconds": 3600}, "reconciliation.retrying_after_seconds must exceed"),
        ("api.domain", "calls.example.com", "api.domain and api.certificate_arn go together"),
        ("mystery", 5, "mystery: there is no such field"),
        ("monitoring.emails", ["nobody"], "monitoring.emails.0: value is not a valid email address"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_field(path: str, value: object, sentence: str) -> None:
    with pytest.raises(BadConfigurationError) as caught:
        parse(changed(path, value))

    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("intake", "signature_tolerance_seconds", 100_000),
        ("intake", "max_body_bytes", 1_010),
        ("reconciliation", "max_sweeps", 200),
        ("analysis", "retry_base_seconds", 4_000),
        ("dispatch", "retry_base_seconds", 4_000),
        ("crm", "referer", "https://www.example.com/a page"),
        ("dispatch", "lease_seconds", 3_700),
    ],
)
def test_a_synthesis_refuses_what_the_function_would_refuse_in_its_sentence(
    section: str, key: str, value: object
) -> None:
    values, variable = uat(), f"{section}_{key}".upper()
    values[section] = values.get(section, {}) | {key: value}
    settings = next(settings for settings in SETTINGS.values() if variable in variables_of(settings))
    environment = dict.fromkeys(variables_of(settings), "") | load("uat").values
    for needed in variables_of(settings, only_needed=True) - set(load("uat").values):
        environment[needed] = "1"
    with pytest.raises(SettingError) as told_by_the_function:
        read_settings(settings, environment | {variable: str(value)})

    with pytest.raises(BadConfigurationError) as refused:
        parse(values)

    assert str(refused.value) == str(told_by_the_function.value)
    assert variable in str(refused.value)


def variables_of(settings: type[Any], *, only_needed: bool = False) -> set[str]:
    fields = dataclasses.fields(settings)
    return {each.name.upper() for each in fields if not only_needed or each.default is dataclasses.MISSING}


def test_each_setting_is_declared_once() -> None:
    sources = [*ROOT.glob("functions/*/settings.py"), ROOT / "layers/postcall/python/postcall/shared_settings.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    declared = re.findall(r"^    (\w+): [^=\n]+ = setting\(", text, re.MULTILINE)
    declared += re.findall(r"^def (\w+)\(\)", text, re.MULTILINE)
    chosen = {field.name for step in SETTINGS for field in chosen_fields(step)}

    assert len(chosen) > 40
    assert {name: declared.count(name) for name in chosen} == dict.fromkeys(chosen, 1)


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("name = 'mine'\naccount = ", encoding="utf-8")

    with pytest.raises(BadConfigurationError, match=r"^mine\.toml is not valid TOML"):
        load("mine", tmp_path)


def test_a_missing_section_is_named_with_its_file(tmp_path: Path) -> None:
    text = (FOLDER / "uat.toml").read_text(encoding="utf-8").replace("[api]", "[apis]")
    (tmp_path / "uat.toml").write_text(text, encoding="utf-8")

    with pytest.raises(BadConfigurationError, match=r"^uat\.toml: apis\.requests_per_second: no step has a setting"):
        load("uat", tmp_path)


def test_an_unknown_environment_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadConfigurationError, match=r"no environment 'lcal': choose one of local, prod, uat"):
        load("lcal")


@pytest.mark.parametrize("name", ON_AWS)
def test_retries_outlast_eight_hours_without_the_crm_for_all_but_a_few_in_a_thousand(name: str) -> None:
    retry = environment(name).dispatch_retry
    chance = random.Random(8)  # noqa: S311 — a simulation
    ceilings = retry.ceilings(retry.max_receives)
    waits = [sum(chance.uniform(0, ceiling) for ceiling in ceilings) for _ in range(2_000)]

    assert retry.mean_seconds(retry.max_receives) >= 8 * 3600
    assert sum(waited < 8 * 3600 for waited in waits) <= 10
    assert retry.longest_seconds(retry.max_receives) < environment(name).queues.retention_days * 86_400


def test_waits_double_up_to_the_cap_and_have_half_of_it_as_their_mean() -> None:
    retry = Retry(base_seconds=1, cap_seconds=5, receives=5)

    assert retry.ceilings(5) == [1, 2, 4, 5]
    assert retry.mean_seconds(5) == 6
    assert retry.max_receives == 5


def test_locally_a_failing_crm_reaches_the_dead_letters_within_twenty_seconds() -> None:
    retry = environment("local").dispatch_retry

    assert retry.longest_seconds(retry.max_receives) <= 20
