"""What the sections of an environment owe each other: each rule is a sentence that is told when it is broken."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from infra.names import STEPS
from postcall.http.trust import read_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.environments.environment import Environment

API_TIMEOUT_SECONDS: Final = 29
PRIVATE_SUBNET_BITS: Final = 24
PUBLIC_SUBNET_BITS: Final = 26
LEAST_CONCURRENCY: Final = 2
SECONDS_A_DAY: Final = 86_400
TIME_TO_RECORD_SECONDS: Final = 10  # what a step needs around an outside answer: start, claim, record


def broken_rules(environment: Environment) -> Iterator[str]:
    """The sentences of the rules that do not hold."""
    if set(environment.functions) != set(STEPS):
        yield f"functions must hold exactly {', '.join(STEPS)}"
        return
    for step in STEPS:
        getattr(environment, step)  # reads the step's settings: a wrong one raises its own sentence
    yield from _about_places(environment)
    yield from _about_keys(environment)
    yield from _about_times(environment)
    yield from _about_queues(environment)
    if (environment.api.domain is None) != (environment.api.certificate_arn is None):
        yield "api.domain and api.certificate_arn go together"
    if environment.api.firewall is not None and environment.api.kind != "rest":
        yield "api.firewall needs api.kind = 'rest': AWS has no firewall for an HTTP API"


def _about_places(environment: Environment) -> Iterator[str]:
    zones, gateways = environment.availability_zones, environment.network.nat_gateways
    if any(not re.fullmatch(rf"{environment.region}[a-z]", zone) for zone in zones):
        yield f"availability_zones must all lie in {environment.region}, such as {environment.region}a"
    if len(set(zones)) < len(zones):
        yield "availability_zones must not name a zone twice"
    yield from _about_the_network(environment)
    if gateways > len(zones):
        yield f"network.nat_gateways ({gateways}) must not exceed the availability zones"


def _about_the_network(environment: Environment) -> Iterator[str]:
    network, zones = environment.network, environment.availability_zones
    if (network.vpc_id is None) == (network.cidr is None):
        yield "network needs either cidr, for a network of its own, or vpc_id"
    if bool(network.subnet_ids) != (network.vpc_id is not None):
        yield "network.vpc_id and network.subnet_ids go together: the subnets that dispatch leaves from"
    if network.vpc_id is not None and network.allocation_ids:
        yield "network.allocation_ids are for gateways of ours: with vpc_id the network's owner has them"
    if network.allocation_ids and len(network.allocation_ids) != network.nat_gateways:
        yield f"network.allocation_ids must be as many as network.nat_gateways ({network.nat_gateways})"
    needed = len(zones) * (2 ** (32 - PRIVATE_SUBNET_BITS) + 2 ** (32 - PUBLIC_SUBNET_BITS))
    if network.cidr is not None and network.cidr.num_addresses < needed:
        yield f"network.cidr has {network.cidr.num_addresses} addresses; its subnets need {needed}"


def _about_keys(environment: Environment) -> Iterator[str]:
    own, bundle = environment.data.kms_key_arn, environment.ca_bundle
    if own is not None and f":{environment.region}:" not in own:
        yield f"data.kms_key_arn must be a key of {environment.region}"
    if bundle is not None:
        ends = read_bundle(bundle).expires_at
        if ends is not None and ends <= datetime.now(UTC):
            yield f"crm.ca_bundle ended on {ends:%Y-%m-%d}: get the new certificate from the CRM's owner"


def _about_times(environment: Environment) -> Iterator[str]:
    deadline, request = environment.analysis.openai_deadline_seconds, environment.dispatch.crm_timeout_seconds
    timeout = {step: size.timeout_seconds for step, size in environment.functions.items()}
    if max(timeout["intake"], timeout["operations"]) > API_TIMEOUT_SECONDS:
        yield f"functions.intake and functions.operations answer an API: at most {API_TIMEOUT_SECONDS} seconds"
    if timeout["dispatch"] < request + TIME_TO_RECORD_SECONDS:
        yield f"functions.dispatch.timeout_seconds must exceed crm.timeout_seconds by {TIME_TO_RECORD_SECONDS}"
    if timeout["analysis"] < deadline + TIME_TO_RECORD_SECONDS:
        yield f"functions.analysis.timeout_seconds must exceed openai.deadline_seconds by {TIME_TO_RECORD_SECONDS}"
    lease = environment.dispatch.dispatch_lease_seconds
    if not timeout["dispatch"] < lease < environment.visibility_seconds("dispatch"):
        yield "dispatch.lease_seconds must lie between the dispatch function's timeout and its visibility"


def _about_queues(environment: Environment) -> Iterator[str]:
    queues = environment.queues
    retries = (environment.analysis_retry, environment.dispatch_retry)
    if max(retry.longest_seconds(retry.max_receives) for retry in retries) > queues.retention_days * SECONDS_A_DAY:
        yield "queues.retention_days must outlast the longest possible series of retries"
    if queues.dead_letter_days <= queues.retention_days:
        yield "queues.dead_letter_days must exceed retention_days: a message keeps its age when it moves there"
    if environment.dispatch.dispatch_concurrency < LEAST_CONCURRENCY:
        yield f"dispatch.concurrency must be at least {LEAST_CONCURRENCY}: SQS starts no fewer"
    if environment.reconciliation.reconciliation_retrying_after_seconds <= environment.dispatch_retry.cap_seconds:
        yield "reconciliation.retrying_after_seconds must exceed dispatch.retry_cap_seconds"
    analysis = environment.analysis_retry
    if analysis.mean_seconds(analysis.max_receives) <= environment.analysis.analysis_max_wait_seconds:
        yield "analysis.retry_… and queues.analysis_… must outlast analysis.max_wait_seconds"
