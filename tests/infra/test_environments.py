"""An environment's file is checked before anything is made of it."""

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from infra.environments import ENVIRONMENTS, FOLDER, BadConfigurationError, load, parse
from infra.environments.retry import Retry
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
        ("network.nat_gateways", 3, "network.nat_gateways (3) must not exceed the availability zones"),
        ("network.cidr", "10.0.0.0/8", "network.cidr: must be a private network between /16 and /24"),
        ("network.typo", 1, "network.typo: Extra inputs are not permitted"),
        ("queues.dispatch_concurrency", 1, "queues.dispatch_concurrency: Input should be greater than or equal to 2"),
        ("queues.dispatch_lease_seconds", 60, "queues.dispatch_lease_seconds must lie between"),
        ("queues.dead_letter_days", 4, "queues.dead_letter_days must exceed retention_days"),
        ("queues.retention_days", 1, "queues.retention_days must outlast the longest possible series of retries"),
        (
            "queues.dispatch_retry",
            {"base_seconds": 30, "cap_seconds": 3600},
            "queues.dispatch_retry: give either outage_hours or receives",
        ),
        (
            "functions.dispatch.timeout_seconds",
            35,
            "functions.dispatch.timeout_seconds must exceed crm.timeout_seconds",
        ),
        ("crm.service_url", "http://crm.example.com", "crm.service_url: must use https"),
        ("crm.service_url", "", "crm.service_url, crm.landing_id and crm.trusted_origin are needed"),
        ("crm.trusted_origin", "https://example.com/", "crm: trusted_origin is a scheme and a host"),
        ("crm.wire_format", "xml", "crm.wire_format: Input should be 'letter' or 'web_form'"),
        ("model.deadline_seconds", 115, "functions.analysis.timeout_seconds must exceed model.deadline_seconds"),
        ("functions.intake.timeout_seconds", 30, "functions.intake and functions.operations answer an API"),
        ("functions.shipping", {"memory_mb": 128, "timeout_seconds": 1}, "functions.shipping.[key]"),
        ("reconciliation", {"retrying_after_seconds": 3600}, "reconciliation.retrying_after_seconds must exceed"),
        ("monitoring.emails", ["nobody"], "monitoring.emails.0: value is not a valid email address"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_field(path: str, value: object, sentence: str) -> None:
    with pytest.raises(BadConfigurationError) as caught:
        parse(changed(path, value))

    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("name = 'mine'\naccount = ", encoding="utf-8")

    with pytest.raises(BadConfigurationError, match=r"^mine\.toml is not valid TOML"):
        load("mine", tmp_path)


def test_a_missing_section_is_named_with_its_file(tmp_path: Path) -> None:
    text = (FOLDER / "uat.toml").read_text(encoding="utf-8").replace("[api]", "[apis]")
    (tmp_path / "uat.toml").write_text(text, encoding="utf-8")

    with pytest.raises(BadConfigurationError, match=r"^uat\.toml: api: Field required; apis: Extra inputs"):
        load("uat", tmp_path)


def test_an_unknown_environment_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadConfigurationError, match=r"no environment 'lcal': choose one of local, prod, uat"):
        load("lcal")


@pytest.mark.parametrize("name", ON_AWS)
def test_retries_outlast_eight_hours_without_the_crm_for_all_but_a_few_in_a_thousand(name: str) -> None:
    retry = environment(name).queues.dispatch_retry
    chance = random.Random(8)  # noqa: S311 — a simulation
    waits = [sum(chance.uniform(0, c) for c in retry.ceilings(retry.max_receives)) for _ in range(2_000)]

    assert retry.mean_seconds(retry.max_receives) >= 8 * 3600
    assert sum(waited < 8 * 3600 for waited in waits) <= 10
    assert retry.longest_seconds(retry.max_receives) < environment(name).queues.retention_days * 86_400


def test_waits_double_up_to_the_cap_and_have_half_of_it_as_their_mean() -> None:
    retry = Retry(base_seconds=1, cap_seconds=5, receives=5)

    assert retry.ceilings(5) == [1, 2, 4, 5]
    assert retry.mean_seconds(5) == 6
    assert retry.max_receives == 5


def test_locally_a_failing_crm_reaches_the_dead_letters_within_twenty_seconds() -> None:
    retry = environment("local").queues.dispatch_retry

    assert retry.longest_seconds(retry.max_receives) <= 20
