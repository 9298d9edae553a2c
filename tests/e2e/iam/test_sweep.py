"""Each permission is needed: with it the probe works, without it the probe fails, and AWS denied just that."""

from __future__ import annotations

import pytest

from infra.names import STEPS
from tests.e2e.iam.not_shown import why_not_shown
from tests.e2e.iam.permission import NAMES, Permission, permissions
from tests.e2e.iam.probes import OF_STEP, PROBES
from tests.e2e.iam.probes.probe import Probe
from tests.e2e.iam.sandbox import IamHarness

pytestmark = [pytest.mark.e2e, pytest.mark.long]

ALL_PROBES = [(step, probe) for step in STEPS for probe in OF_STEP[step]]
SHOWN = [each for each in permissions() if why_not_shown(each) is None]


@pytest.mark.parametrize(("step", "probe"), ALL_PROBES, ids=lambda each: getattr(each, "answer_text", each))
def test_with_the_whole_role_it_works(sandbox: IamHarness, step: str, probe: Probe) -> None:
    before = len(sandbox.denials())

    assert works(sandbox, step, probe)
    assert sandbox.denials()[before:] == []


@pytest.mark.parametrize("permission", SHOWN, ids=str)
def test_without_it_the_probe_fails_and_just_that_was_denied(sandbox: IamHarness, permission: Permission) -> None:
    probe = PROBES[permission.step, f"{permission.action} {permission.place}"]
    before = len(sandbox.denials())

    with sandbox.taken_away(permission):
        assert not works(sandbox, permission.step, probe), f"{probe.answer_text}: works without it"
    denied = {(each["principal"].rsplit("/", 1)[1], each["action"]) for each in sandbox.denials()[before:]}
    assert denied == {(NAMES.function(permission.step), permission.action)}


def works(sandbox: IamHarness, step: str, probe: Probe) -> bool:
    if probe.cold:
        sandbox.start_afresh(step)  # type: ignore[arg-type]  # one of STEPS
    return probe.works(sandbox)
