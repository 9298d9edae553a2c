"""The environment variables of each function: the whole list, derived here and nowhere else."""

from collections.abc import Mapping
from typing import Final

from infra.environments import Environment
from infra.names import QueueWord, Step

COMMON: Final = ("POSTCALL_ENVIRONMENT", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE")

QueueUrls = Mapping[QueueWord, str]


def variables(step: Step, environment: Environment, queues: QueueUrls, dead_letters: QueueUrls) -> dict[str, str]:
    """What the function of this step finds in its environment; an optional setting that is not set is empty."""
    own = {
        "intake": _intake(environment, queues),
        "analysis": _analysis(environment, queues),
        "dispatch": _dispatch(environment, queues, dead_letters),
        "operations": _operations(environment, queues, dead_letters),
        "reconciliation": _reconciliation(environment, queues),
    }
    return _common(step, environment) | own[step]


def outside_settings(environment: Environment) -> dict[str, str]:
    """The outside systems' settings: the ones an environment may leave to the deployment."""
    return _crm(environment) | _model(environment) | _elevenlabs(environment)


def _common(step: Step, environment: Environment) -> dict[str, str]:
    return {
        "POSTCALL_ENVIRONMENT": environment.name,
        "LOG_LEVEL": environment.runtime.log_level,
        "POWERTOOLS_SERVICE_NAME": step,
        "POWERTOOLS_METRICS_NAMESPACE": environment.names.metrics_namespace,
    }


def _intake(environment: Environment, queues: QueueUrls) -> dict[str, str]:
    names = environment.names
    return {
        "EVENTS_TABLE": names.table("webhook_events"),
        "QUARANTINE_TABLE": names.table("quarantine"),
        "PAYLOAD_BUCKET": names.payload_bucket,
        "ANALYSIS_QUEUE_URL": queues["analysis"],
        "ELEVENLABS_WEBHOOK_SECRET_ID": names.secret("elevenlabs-webhook"),
        "OPERATOR_TOKENS_SECRET_ID": names.secret("operator-tokens"),
        "EVENT_TTL_DAYS": str(environment.data.event_ttl_days),
        "SIGNATURE_TOLERANCE_SECONDS": str(environment.intake.signature_tolerance_seconds),
        "MAX_BODY_BYTES": str(environment.intake.max_body_bytes),
        "QUARANTINE_ENTRIES_PER_MINUTE": str(environment.intake.quarantine_entries_per_minute),
        "QUARANTINE_ENTRIES_PER_DAY": str(environment.intake.quarantine_entries_per_day),
        "QUARANTINE_BYTES_PER_DAY": str(environment.intake.quarantine_bytes_per_day),
        "QUARANTINE_TTL_DAYS": str(environment.intake.quarantine_ttl_days),
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
        "SEARCH_KEY_SECRET_ID": names.secret("search-key"),
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
        "DISPATCH_CONCURRENCY": str(environment.queues.dispatch_concurrency),
        "DISPATCH_LEASE_SECONDS": str(environment.queues.dispatch_lease_seconds),
        "EVENT_TTL_DAYS": str(environment.data.event_ttl_days),
    }


def _operations(environment: Environment, queues: QueueUrls, dead_letters: QueueUrls) -> dict[str, str]:
    names = environment.names
    return {
        "EVENTS_TABLE": names.table("webhook_events"),
        "ANALYSES_TABLE": names.table("analyses"),
        "DISPATCHES_TABLE": names.table("crm_dispatches"),
        "CIRCUITS_TABLE": names.table("circuits"),
        "QUARANTINE_TABLE": names.table("quarantine"),
        "LEDGERS_TABLE": names.table("ledgers"),
        "PAYLOAD_BUCKET": names.payload_bucket,
        "ANALYSIS_QUEUE_URL": queues["analysis"],
        "ANALYSIS_DEAD_LETTERS_URL": dead_letters["analysis"],
        "DISPATCH_QUEUE_URL": queues["dispatch"],
        "DISPATCH_DEAD_LETTERS_URL": dead_letters["dispatch"],
        "INTAKE_FUNCTION": names.function("intake"),
        "RECONCILIATION_FUNCTION": names.function("reconciliation"),
        "OPERATOR_TOKENS_SECRET_ID": names.secret("operator-tokens"),
        "SEARCH_KEY_SECRET_ID": names.secret("search-key"),
        "EVENT_TTL_DAYS": str(environment.data.event_ttl_days),
        "QUARANTINE_TTL_DAYS": str(environment.intake.quarantine_ttl_days),
        "CRM_DEDUPLICATION": environment.crm.deduplication,
    }


def _reconciliation(environment: Environment, queues: QueueUrls) -> dict[str, str]:
    names, settings = environment.names, environment.reconciliation
    return _elevenlabs(environment) | {
        "EVENTS_TABLE": names.table("webhook_events"),
        "LEDGERS_TABLE": names.table("ledgers"),
        "ANALYSIS_QUEUE_URL": queues["analysis"],
        "DISPATCH_QUEUE_URL": queues["dispatch"],
        "INTAKE_FUNCTION": names.function("intake"),
        "ELEVENLABS_API_SECRET_ID": names.secret("elevenlabs-api"),
        "EVENT_TTL_DAYS": str(environment.data.event_ttl_days),
        "STUCK_AFTER_SECONDS": str(settings.stuck_after_seconds),
        "RETRYING_AFTER_SECONDS": str(settings.retrying_after_seconds),
        "MAX_SWEEPS": str(settings.max_sweeps),
        "WEBHOOK_PATIENCE_SECONDS": str(settings.webhook_patience_seconds),
        "RECONCILE_LOOKBACK_HOURS": str(settings.lookback_hours),
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


def _elevenlabs(environment: Environment) -> dict[str, str]:
    elevenlabs = environment.elevenlabs
    since = elevenlabs.calls_since
    return {
        "ELEVENLABS_API_URL": elevenlabs.api_url,
        "ELEVENLABS_AGENT_IDS": ",".join(elevenlabs.agent_ids),
        "ELEVENLABS_CALLS_SINCE": "" if since is None else since.isoformat(),
        "ELEVENLABS_WEBHOOK_URL": elevenlabs.webhook_url,
    }


def _word(value: bool) -> str:  # noqa: FBT001 — it is the one value this function spells
    return "true" if value else "false"
