"""What is deployed today can become what is in this folder: the guard finds nothing that CloudFormation refuses."""

from __future__ import annotations

import os

from infra.deployment import templates
from infra.deployment.guard import judge
from tests.infra.last_release import ENVIRONMENT, last_release, readable, write
from tests.infra.templates import Templates


def test_an_upgrade_from_the_last_release_is_refused_nothing_and_loses_nothing(synthesised: Templates) -> None:
    now = templates.synthesised(synthesised.folder, ENVIRONMENT)
    if os.environ.get("UPDATE_LAST_RELEASE"):
        write(now)
    verdicts = judge(last_release(), {name: readable(each) for name, each in now.items()})

    assert last_release().keys() <= now.keys()
    assert [each for each in verdicts if each.effect.fails] == []
