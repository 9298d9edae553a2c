"""The payload in full models, as the vendor documents it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Metric(BaseModel):
    elapsed_time: float


class TurnMetrics(BaseModel):
    metrics: dict[str, Metric] = {}
    convai_asr_provider: str | None = None
    convai_tts_model: str | None = None


class ToolCall(BaseModel):
    request_id: str
    tool_name: str
    params_as_json: str
    type: str | None = None
    tool_details: dict[str, Any] | None = None


class ToolResult(BaseModel):
    request_id: str
    tool_name: str
    result_value: str
    is_error: bool
    tool_latency_secs: float | None = None


class Turn(BaseModel):
    role: str
    message: str | None = None
    time_in_call_secs: int
    tool_calls: list[ToolCall] = []
    tool_results: list[ToolResult] = []
    conversation_turn_metrics: TurnMetrics | None = None
    interrupted: bool = False
    original_message: str | None = None
    source_medium: str | None = None


class PhoneCall(BaseModel):
    type: str
    direction: str
    phone_number_id: str
    agent_number: str
    external_number: str
    call_sid: str | None = None


class Charging(BaseModel):
    dev_discount: bool = False
    tier: str | None = None


class Metadata(BaseModel):
    start_time_unix_secs: int
    call_duration_secs: int
    cost: float | None = None
    phone_call: PhoneCall | None = None
    charging: Charging | None = None
    termination_reason: str | None = None
    main_language: str | None = None


class Collected(BaseModel):
    data_collection_id: str
    value: Any = None
    rationale: str | None = None


class Criterion(BaseModel):
    criteria_id: str
    result: str
    rationale: str | None = None


class Analysis(BaseModel):
    call_successful: str
    transcript_summary: str
    data_collection_results: dict[str, Collected] = {}
    evaluation_criteria_results: dict[str, Criterion] = {}


class ClientData(BaseModel):
    dynamic_variables: dict[str, Any] = {}


class Data(BaseModel):
    agent_id: str
    conversation_id: str
    status: str
    transcript: list[Turn] = []
    metadata: Metadata | None = None
    analysis: Analysis | None = None
    conversation_initiation_client_data: ClientData | None = None


class Webhook(BaseModel):
    type: str
    event_timestamp: int
    data: Data
