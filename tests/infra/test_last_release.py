"""What is deployed today can become what is in this folder: the guard finds nothing that CloudFormation refuses."""

from __future__ import annotations

import os
import re

import pytest

from infra.deployment import templates
from infra.deployment.guard import Verdict, judge
from infra.resources.dependency_layer import ROOT
from tests.infra.last_release import ENVIRONMENT, last_release, readable, version, write
from tests.infra.templates import Templates

RELEASE = re.compile(r"^## \[(\d+\.\d+\.\d+)\].*?(?=^## \[\d|\Z)", re.MULTILINE | re.DOTALL)
UPGRADE = "### Upgrade"


@pytest.fixture(scope="module")
def verdicts(synthesised: Templates) -> list[Verdict]:
    now = templates.synthesised(synthesised.folder, ENVIRONMENT)
    if os.environ.get("UPDATE_LAST_RELEASE"):
        write(now, newest()[0])
    assert last_release().keys() <= now.keys()
    return judge(last_release(), {name: readable(each) for name, each in now.items()})


def newest() -> tuple[str, str]:
    """The newest release of the changelog: its version, and what is said of it and of what came since."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = RELEASE.search(text)
    assert found is not None
    return found[1], text[: found.end()]


def test_an_upgrade_from_the_last_release_is_refused_nothing_and_loses_nothing(verdicts: list[Verdict]) -> None:
    assert [each for each in verdicts if each.effect.fails] == []


def test_what_is_kept_is_the_newest_release_of_the_changelog() -> None:
    assert version() == newest()[0], "UPDATE_LAST_RELEASE=1 pytest tests/infra/test_last_release.py"


def test_another_index_is_told_in_the_changelog(verdicts: list[Verdict]) -> None:
    """An index is made in minutes to hours, and one a deployment: who upgrades must know it before."""
    indexes = [each.what for each in verdicts if "index" in each.what]

    assert not indexes or UPGRADE in newest()[1], indexes
