"""The environment variables of each function: the whole list, derived here and nowhere else."""

from collections.abc import Mapping
from typing import Final

from infra.environments import Environment
from infra.names import METRICS_NAMESPACE, QueueWord, Step

COMMON: Final = ("POSTCALL_ENVIRONMENT", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE")

QueueUrls = Mapping[QueueWord, str]


def variables(step: Step, environment: Environment, queues: QueueUrls, dead_letters: QueueUrls) -> dict[str, str]:
    """What the function of this step finds in its environment; an optional setting that is not set is empty."""
    own = {
        "intake": _intake(environment, queues),
        "analysis": _analysis(environment, queues),
        "dispatch": _dispatch(environment, queues, dead_letters),
        "operations": _operations(environment, queues),
        "reconciliation": _reconciliation(environment, queues),
    }
    return _common(step, environment) | own[step]


def outside_settings(environment: Environment) -> dict[str, str]:
    """The CRM's and the model's settings: the ones an environment may leave to the deployment."""
    return _crm(environment) | _model(environment)


def _common(step: Step, environment: Environment) -> dict[str, str]:
    return {
        "POSTCALL_ENVIRONMENT": environment.name,
        "LOG_LEVEL": environment.runtime.log_level,
        "POWERTOOLS_SERVICE_NAME": step,
        "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
    }


def _intake(environment: Environment, queues: QueueUrls) -> dict[str, str]:
    names = environment.names
    return {
        "EVENTS_TABLE": names.table("webhook_events"),
        "PAYLOAD_BUCKET": names.payload_bucket,
        "ANALYSIS_QUEUE_URL": queues["analysis"],
        "ELEVENLABS_WEBHOOK_SECRET_ID": names.secret("elevenlabs-webhook"),
        "OPERATOR_TOKENS_SECRET_ID": names.secret("operator-tokens"),
        "EVENT_TTL_DAYS": str(environment.data.event_ttl_days),
        "SIGNATURE_TOLERANCE_SECONDS": str(environment.intake.signature_tolerance_seconds),
        "MAX_BODY_BYTES": str(environment.intake.max_body_bytes),
    }


def _analysis(environment: Environment, queues: QueueUrls) -> dict[str, str]:
    names, retry = environment.names, environment.queues.analysis_retry
    return _model(environment) | {
        "EVENTS_TABLE": names.table("webhook_events"),
        "ANALYSES_TABLE": names.table("analyses"),
        "PAYLOAD_BUCKET": names.payload_bucket,
        "ANALYSIS_QUEUE_URL": queues["analysis"],
        "DISPATCH_QUEUE_URL": queues["dispatch"],
        "OPENAI_SECRET_ID": names.secret("openai"),
        "EVENT_TTL_DAYS": str(environment.data.event_ttl_days),
        "ANALYSIS_RETRY_BASE_SECONDS": str(retry.base_seconds),
        "ANALYSIS_RETRY_CAP_SECONDS": str(retry.cap_seconds),
        "ANALYSIS_MAX_WAIT_SECONDS": str(environment.analysis.max_wait_seconds),
        "CALLER_ID_AS_CONTACT": environment.analysis.caller_id_as_contact,
        "PHONE_REGIONS": ",".join(environment.analysis.phone_regions),
    }


def _dispatch(environment: Environment, queues: QueueUrls, dead_letters: QueueUrls) -> dict[str, str]:
    names, retry = environment.names, environment.queues.dispatch_retry
    return _crm(environment) | {
        "EVENTS_TABLE": names.table("webhook_events"),
        "ANALYSES_TABLE": names.table("analyses"),
        "DISPATCHES_TABLE": names.table("crm_dispatches"),
        "CIRCUITS_TABLE": names.table("circuits"),
        "DISPATCH_QUEUE_URL": queues["dispatch"],
        "DISPATCH_DEAD_LETTERS_URL": dead_letters["dispatch"],
        "DISPATCH_RETRY_BASE_SECONDS": str(retry.base_seconds),
        "DISPATCH_RETRY_CAP_SECONDS": str(retry.cap_seconds),
        "DISPATCH_MAX_RECEIVES": str(retry.max_receives),
        "DISPATCH_CONCURRENCY": str(environment.queues.dispatch_concurrency),
        "DISPATCH_LEASE_SECONDS": str(environment.queues.dispatch_lease_seconds),
        "EVENT_TTL_DAYS": str(environment.data.event_ttl_days),
    }


def _operations(environment: Environment, queues: QueueUrls) -> dict[str, str]:
    names = environment.names
    return {
        "EVENTS_TABLE": names.table("webhook_events"),
        "ANALYSES_TABLE": names.table("analyses"),
        "DISPATCHES_TABLE": names.table("crm_dispatches"),
        "PAYLOAD_BUCKET": names.payload_bucket,
        "ANALYSIS_QUEUE_URL": queues["analysis"],
        "DISPATCH_QUEUE_URL": queues["dispatch"],
        "OPERATOR_TOKENS_SECRET_ID": names.secret("operator-tokens"),
        "EVENT_TTL_DAYS": str(environment.data.event_ttl_days),
        "CRM_DEDUPLICATION": environment.crm.deduplication,
    }


def _reconciliation(environment: Environment, queues: QueueUrls) -> dict[str, str]:
    names = environment.names
    return {
        "EVENTS_TABLE": names.table("webhook_events"),
        "PAYLOAD_BUCKET": names.payload_bucket,
        "ANALYSIS_QUEUE_URL": queues["analysis"],
        "DISPATCH_QUEUE_URL": queues["dispatch"],
        "STUCK_AFTER_SECONDS": str(environment.reconciliation.stuck_after_seconds),
        "RETRYING_AFTER_SECONDS": str(environment.reconciliation.retrying_after_seconds),
        "MAX_SWEEPS": str(environment.reconciliation.max_sweeps),
    }


def _crm(environment: Environment) -> dict[str, str]:
    crm = environment.crm
    rate = crm.max_requests_per_second
    return {
        "EXTERNAL_CRM_ENABLED": _word(crm.enabled),
        "EXTERNAL_CRM_DRY_RUN": _word(crm.dry_run),
        "CRM_SERVICE_URL": crm.service_url,
        "CRM_LANDING_ID": crm.landing_id,
        "CRM_TRUSTED_ORIGIN": crm.trusted_origin,
        "CRM_REFERER": crm.referer,
        "CRM_WIRE_FORMAT": crm.wire_format,
        "CRM_DEDUPLICATION": crm.deduplication,
        "CRM_REQUIRE_CONTACT": crm.require_contact,
        "CRM_TIMEOUT_SECONDS": str(crm.timeout_seconds),
        "CRM_MAX_BODY_BYTES": str(crm.max_body_bytes),
        "CRM_CA_BUNDLE": crm.ca_bundle,
        "CRM_MAX_REQUESTS_PER_SECOND": "" if rate is None else f"{rate:g}",
        "CRM_FIELD_MAP": crm.field_map,
        "CRM_BREAKER_FAILURES": str(crm.breaker_failures),
        "CRM_BREAKER_RECOVERY_SECONDS": str(crm.breaker_recovery_seconds),
    }


def _model(environment: Environment) -> dict[str, str]:
    model = environment.model
    return {
        "OPENAI_BASE_URL": model.base_url,
        "OPENAI_MODEL": model.name,
        "OPENAI_REASONING_EFFORT": model.reasoning_effort,
        "OPENAI_SCHEMA_MODE": model.schema_mode,
        "OPENAI_TOKEN_PARAM": model.token_param,
        "OPENAI_DEADLINE_SECONDS": str(model.deadline_seconds),
        "OPENAI_MAX_INPUT_CHARACTERS": str(model.max_input_characters),
    }


def _word(value: bool) -> str:  # noqa: FBT001 — it is the one value this function spells
    return "true" if value else "false"
