"""The answer's JSON schema, built from the taxonomy, and the check of an answer against it.

On the wire only what every server enforces: enums instead of bounds, null instead of optional, no pattern, format or
length. The same schema checks the answer here, since not every server enforces what it accepts.
"""

from __future__ import annotations

from typing import Any

from functions.analysis.taxonomy import LABELS, Taxonomy

Schema = dict[str, Any]

QUOTED_SIGNALS = ("need_stated", "budget_stated", "timeline_stated", "decision_maker", "next_step_agreed")
REMOVALS = ("caller_is_minor", "do_not_contact")  # each takes the contact away, so each needs its quote
SIGNALS = ("real_conversation", *QUOTED_SIGNALS, "contact_available")
LANGUAGES = ("ru", "be", "en", "mixed", "other", "unknown")
_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}


def answer_schema(taxonomy: Taxonomy) -> Schema:
    """The schema; evidence and signals stand first, so that a model looks before it judges."""
    evidence = _object(signal=_enum(*QUOTED_SIGNALS, *REMOVALS), turn={"type": "integer"}, quote=_TEXT)
    return _object(
        evidence={"type": "array", "items": evidence},
        signals=_object(**dict.fromkeys(SIGNALS, _FLAG)),
        **{name: _enum(*taxonomy.codes(name)) for name in LABELS},
        quality_score={"type": "integer", "enum": [1, 2, 3, 4, 5]},
        qualification_comment=_TEXT,
        summary=_TEXT,
        summary_ru=_TEXT,
        recommendations={"type": "array", "items": _TEXT},
        contacts=_object(full_name=_TEXT_OR_NULL, phone_ref=_TEXT_OR_NULL, email_ref=_TEXT_OR_NULL),
        language=_enum(*LANGUAGES),
        caller_is_minor=_FLAG,
        do_not_contact=_FLAG,
        instruction_attempt=_FLAG,
    )


def problems(value: Any, schema: Schema, path: str = "") -> list[str]:  # noqa: ANN401 — unchecked JSON
    """The paths of the members that do not fit, in the schema's order; their values are nobody's business."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(value, kind) for kind in kinds) or ("enum" in schema and value not in schema["enum"]):
        return [path or "the answer"]
    if isinstance(value, dict):
        members = schema["properties"].items()
        return [one for name, part in members for one in _of_member(value, name, part, f"{path}.{name}".lstrip("."))]
    if isinstance(value, list):
        return [one for index, item in enumerate(value) for one in problems(item, schema["items"], f"{path}[{index}]")]
    return []


def _of_member(value: dict[str, Any], name: str, schema: Schema, path: str) -> list[str]:
    return problems(value[name], schema, path) if name in value else [path]


def _is(value: Any, kind: str) -> bool:  # noqa: ANN401 — unchecked JSON
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    return isinstance(value, kinds[kind])


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _enum(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}
