"""What wakes a person, as data, in the order of a call's way: each alarm's word is also its runbook's name."""

from collections.abc import Mapping
from typing import Final

import aws_cdk as cdk

from infra.environments import Environment
from infra.names import QUEUES, STEPS, Names
from infra.resources import metrics
from infra.resources.alarm_spec import AlarmSpec
from infra.resources.alarms_left_behind import left_behind
from infra.resources.web_acl import WEBHOOK_RULE

HOUR: Final = cdk.Duration.hours(1)
QUARTER: Final = cdk.Duration.minutes(15)


def alarm_specs(environment: Environment, api: metrics.ApiMetrics, nat_gateways: Mapping[str, str]) -> list[AlarmSpec]:
    """All alarms of an environment, in the order of a call's way."""
    return [
        *_at_the_door(environment, api),
        *_in_the_queues(environment),
        *_in_the_functions(environment),
        *_at_the_model(environment),
        *_at_the_crm(environment, nat_gateways),
        *left_behind(environment),
    ]


def _at_the_door(environment: Environment, api: metrics.ApiMetrics) -> list[AlarmSpec]:
    names, hours = environment.names, environment.monitoring.no_calls_hours
    silence = (
        []
        if hours is None
        else [
            AlarmSpec(
                "no-calls",
                f"No call was received for {hours} hours",
                metrics.counted(names, "EventsReceived", HOUR),
                periods=hours,
                alarm_on_missing_data=True,
            )
        ]
    )
    return [
        AlarmSpec(
            "api-5xx", "The API answered with a server error: calls may be lost", metrics.of_api(api, api.server_errors)
        ),
        AlarmSpec(
            "signature-rejected",
            "Strangers send webhooks whose signature does not fit",
            metrics.counted(names, "SignatureRejected"),
            threshold=10,
        ),
        AlarmSpec(
            "signature-rejected",
            "Webhooks from ElevenLabs' own addresses are refused: our secret may be wrong",
            metrics.counted(names, "VendorRefused"),
            suffix="vendor",
        ),
        AlarmSpec(
            "webhook-secret",
            "Webhooks are answered 503, since our own secret is missing or stored with something around it",
            metrics.counted(names, "WebhookSecretUnusable"),
        ),
        *_of_tokens(names),
        AlarmSpec(
            "calls-superseded",
            "A system of ours brought a call under the id of a conversation that ElevenLabs vouches for",
            metrics.counted(names, "CallsSuperseded"),
        ),
        AlarmSpec(
            "events-revised",
            "A known call came again with another content: its lead may lack what is new",
            metrics.counted(names, "EventsRevised", HOUR),
        ),
        *_in_the_quarantine(names),
        AlarmSpec(
            "unknown-event-types",
            "ElevenLabs sends events about calls in a form that we do not know",
            metrics.counted(names, "EventsOfUnknownType"),
        ),
        *_at_the_firewall(environment),
        *silence,
    ]


def _of_tokens(names: Names) -> list[AlarmSpec]:
    """Ten in five minutes are no slip of a hand: a token that ended, or somebody who tries."""
    symptom = "Requests come to the API with no valid token"
    return [
        AlarmSpec("tokens-refused", symptom, metrics.counted(names, "TokensRefused"), threshold=10),
        AlarmSpec(
            "tokens-refused",
            f"{symptom}, to bring calls",
            metrics.counted(names, "TokensRefused", by="intake"),
            threshold=10,
            suffix="analyze",
        ),
    ]


def _in_the_quarantine(names: Names) -> list[AlarmSpec]:
    name = "quarantine-entries"
    return [
        AlarmSpec(
            name,
            "A webhook that no stranger can have sent was refused and quarantined: it may be a call",
            metrics.counted(names, "QuarantineEntries"),
        ),
        AlarmSpec(
            name,
            "Webhooks of strangers were refused and quarantined",
            metrics.counted(names, "QuarantineForgeable"),
            threshold=5,
            suffix="strangers",
        ),
        AlarmSpec(
            name,
            "So much was refused that not all of it was quarantined",
            metrics.counted(names, "QuarantineOverflow"),
            threshold=20,
            suffix="overflow",
        ),
    ]


def _at_the_firewall(environment: Environment) -> list[AlarmSpec]:
    """ElevenLabs never repeats a refused webhook: one from an address that is not on the list may be a lost call."""
    firewall = environment.api.firewall
    if firewall is None or firewall.webhook_only_from is None:
        return []
    blocked = metrics.turned_away(environment.names, environment.region, WEBHOOK_RULE)
    return [AlarmSpec("webhook-blocked", "The firewall turns webhooks away for their sender's address", blocked)]


def _in_the_queues(environment: Environment) -> list[AlarmSpec]:
    names, minutes = environment.names, environment.monitoring.oldest_message_minutes
    found = []
    for name in QUEUES:
        oldest = metrics.of_queue(names.queue(name), "ApproximateAgeOfOldestMessage")
        late = f"A call has been waiting for {name} for more than {minutes} minutes"
        found += [
            AlarmSpec(f"{name}-dead-letters", f"The {name} step has given a call up", metrics.abandoned(names, name)),
            AlarmSpec(f"{name}-oldest-message", late, oldest, threshold=minutes * 60, periods=3),
        ]
    return found


def _in_the_functions(environment: Environment) -> list[AlarmSpec]:
    names = environment.names
    errors = [
        AlarmSpec(
            f"{step}-errors", f"The {step} function fails or times out", metrics.of_function(names, step, "Errors")
        )
        for step in STEPS
    ]
    bugs = [
        AlarmSpec(
            f"{name}-errors",
            f"A message of the {name} queue meets a bug",
            metrics.failed_records(names, name),
            suffix="records",
        )
        for name in QUEUES
    ]
    return [
        *errors,
        *bugs,
        AlarmSpec(
            "throttles",
            "Lambda refuses to run more functions at once",
            metrics.of_all_functions("Throttles"),
            periods=3,
        ),
        AlarmSpec(
            "reconciliation-silent",
            "Reconciliation has not run for half an hour: nothing picks up what stands still",
            metrics.of_function(names, "reconciliation", "Invocations", period=QUARTER),
            periods=2,
            alarm_on_missing_data=True,
        ),
    ]


def _at_the_model(environment: Environment) -> list[AlarmSpec]:
    names = environment.names
    spent = "The model's provider says that our credit or limit is used up"
    refused = "The model's server refuses our key, the model's name or every request"
    found = [
        AlarmSpec("model-out-of-credit", spent, metrics.counted(names, "ModelOutOfCredit")),
        AlarmSpec("model-misconfigured", refused, metrics.counted(names, "ModelMisconfigured")),
    ]
    if environment.monitoring.analyses_offline:
        symptom = "Calls are analysed without the language model: no key, no credit, or no answer"
        found.append(AlarmSpec("analyses-offline", symptom, metrics.counted(names, "AnalysesOffline")))
    return found


def _at_the_crm(environment: Environment, nat_gateways: Mapping[str, str]) -> list[AlarmSpec]:
    names = environment.names
    exhausted = "The NAT gateway has no port left for a connection to the CRM"
    return [
        AlarmSpec(
            "crm-unavailable",
            "The CRM has not been taking leads for half an hour",
            metrics.counted(names, "CrmUnavailable", QUARTER),
            threshold=3,
            periods=2,
        ),
        AlarmSpec(
            "crm-breaker-open",
            "Sending is paused: the CRM failed or refused several leads running",
            metrics.counted(names, "CrmBreakerOpened"),
        ),
        AlarmSpec("leads-rejected", "The CRM refused a lead for good", metrics.counted(names, "LeadsRejected")),
        AlarmSpec(
            "leads-partial", "The CRM took a lead without some of its values", metrics.counted(names, "LeadsPartial")
        ),
        AlarmSpec("outcomes-unknown", "The CRM may or may not have a lead", metrics.counted(names, "OutcomesUnknown")),
        *(
            AlarmSpec("nat-ports", exhausted, metrics.of_nat_gateway(gateway, "ErrorPortAllocation"), suffix=zone)
            for zone, gateway in nat_gateways.items()
        ),
    ]
