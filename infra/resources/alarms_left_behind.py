"""What wakes a person of calls that stand still, of erasures, and of what only ElevenLabs' own books tell."""

from typing import Final

import aws_cdk as cdk

from infra.environments import Environment
from infra.names import Names
from infra.resources import metrics
from infra.resources.alarm_spec import AlarmSpec

HOUR: Final = cdk.Duration.hours(1)
HALF_HOUR: Final = cdk.Duration.minutes(30)
ERASED_AN_HOUR: Final = 50


def left_behind(environment: Environment) -> list[AlarmSpec]:
    """What the sweep, the look at erasures and reconciliation find."""
    names, sweeps = environment.names, environment.reconciliation.reconciliation_max_sweeps
    symptom = f"A call does not move on although it was sent again {sweeps} times"
    unescalated = "A lead was refused, or is unknown at the CRM, and whoever found out died before telling"
    return [
        AlarmSpec("events-stalled", symptom, metrics.counted(names, "EventsStalled")),
        AlarmSpec("events-not-escalated", unescalated, metrics.counted(names, "EventsNotEscalated")),
        *_of_erasures(names),
        *_at_elevenlabs(names),
    ]


def _of_erasures(names: Names) -> list[AlarmSpec]:
    """A person who asks to be forgotten has a few calls: more in an hour is a mistake, or a token in wrong hands."""
    found = "erased-data-found"
    return [
        AlarmSpec(
            "events-erased",
            f"More than {ERASED_AN_HOUR} calls were erased in an hour",
            metrics.counted(names, "EventsErased", HOUR),
            threshold=ERASED_AN_HOUR,
        ),
        AlarmSpec(
            found,
            "What was erased is there again, as after a restore",
            metrics.counted(names, "ErasedDataFound", HOUR),
        ),
        AlarmSpec(
            found,
            "The nightly look at what was erased did not come to its end",
            metrics.counted(names, "ErasuresUnchecked", HOUR),
            suffix="unchecked",
        ),
    ]


def _at_elevenlabs(names: Names) -> list[AlarmSpec]:
    """What only a look into ElevenLabs' own books tells."""
    missed = "ElevenLabs did not deliver a call; it was fetched"
    return [
        AlarmSpec(
            "reconciliation-silent",
            "For two hours nobody has looked for calls that ElevenLabs did not deliver",
            metrics.counted(names, "ReconcileRuns", HOUR),
            periods=2,
            alarm_on_missing_data=True,
            suffix="reconcile",
        ),
        AlarmSpec("calls-missed", missed, metrics.counted(names, "CallsMissed", HOUR)),
        AlarmSpec(
            "calls-missed",
            "A call that ElevenLabs did not deliver cannot be fetched either",
            metrics.counted(names, "CallsNotFetched", HALF_HOUR),
            periods=2,
            suffix="not-fetched",
        ),
        AlarmSpec(
            "webhook-disabled",
            "ElevenLabs' webhook to us is switched off, or there is none",
            metrics.counted(names, "WebhookDisabled", HALF_HOUR),
        ),
        AlarmSpec(
            "webhook-retries-off",
            "ElevenLabs delivers each call once only: retries are off",
            metrics.counted(names, "WebhookRetriesOff", HALF_HOUR),
        ),
        AlarmSpec(
            "elevenlabs-api",
            "For an hour ElevenLabs' API has been away, or has refused our key",
            metrics.counted(names, "ElevenLabsUnavailable", HALF_HOUR),
            periods=2,
        ),
        AlarmSpec(
            "ledger-difference",
            "A day's conversations do not add up: a call is missing",
            metrics.counted(names, "LedgerDifference", HOUR),
        ),
    ]
