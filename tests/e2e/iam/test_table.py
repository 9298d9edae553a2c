"""Every permission of every role is shown to be needed by a probe, or says why the emulated AWS cannot show it."""

from __future__ import annotations

import pytest

from tests.e2e.iam.not_shown import why_not_shown
from tests.e2e.iam.permission import NAMES, Permission, permissions, without
from tests.e2e.iam.probes import PROBES


@pytest.mark.parametrize("permission", permissions(), ids=str)
def test_a_permission_has_a_probe_or_a_reason_and_not_both(permission: Permission) -> None:
    probe = PROBES.get((permission.step, f"{permission.action} {permission.place}"))
    reason = why_not_shown(permission)

    assert (probe is None) != (reason is None), "write a probe, or take the permission away"


def test_no_probe_is_for_a_permission_that_no_role_has() -> None:
    held = {(each.step, f"{each.action} {each.place}") for each in permissions()}

    assert set(PROBES) - held == set()


def test_taking_one_permission_away_leaves_all_others() -> None:
    policy = {
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["a", "b"]},
            {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "a"},
        ]
    }
    left = without(policy, Permission("intake", "s3:GetObject", "a", "a"))["Statement"]

    assert [(each["Effect"], each["Action"], each["Resource"]) for each in left] == [
        ("Allow", "s3:GetObject", "b"),
        ("Allow", "s3:PutObject", "a"),
        ("Allow", "s3:PutObject", "b"),
        ("Deny", "s3:GetObject", "a"),
    ]


def test_places_are_short_and_tell_resources_apart() -> None:
    found = {each.resource: each.place for each in permissions()}

    assert len(set(found.values())) == len(found)
    assert found[NAMES.table_arn("webhook_events")] == "webhook_events"
    assert found[NAMES.index_arn("webhook_events", "by_day")] == "webhook_events/by_day"
    assert found[NAMES.dead_letters_arn("dispatch")] == "dispatch-dead-letters"
    assert found[NAMES.secret_arn("openai")] == "openai"
