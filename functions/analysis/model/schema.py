"""The answer's JSON schema, built from the taxonomy, and the check of an answer against it.

Everything in it is bounded: a small model that loops inside a list, a text or a number would fill its whole limit. On
the wire stands only what servers enforce: enums, null instead of optional, no pattern or format; a text's length only
where the server knows it (`bounds_texts`: OpenAI's strict mode does not). The check here is by type and code alone:
not every server enforces what it accepts, and what is too long is cut.
"""

from __future__ import annotations

from typing import Any

from functions.analysis.contacts.choice import NONE_OF_THESE
from functions.analysis.contacts.hearing import CALLER_ID
from functions.analysis.taxonomy import LABELS, Taxonomy

Schema = dict[str, Any]

QUOTED_SIGNALS = ("need_stated", "budget_stated", "timeline_stated", "decision_maker", "next_step_agreed")
REMOVALS = ("caller_is_minor", "do_not_contact")  # each takes the contact away, so each needs its quote
SIGNALS = ("real_conversation", *QUOTED_SIGNALS, "contact_available")
LANGUAGES = ("ru", "be", "en", "mixed", "other", "unknown")
MOST_QUOTES, MOST_RECOMMENDATIONS, LAST_TURN = 8, 3, 9_999
LONGEST = {"quote": 300, "text": 600, "summary": 1_200, "recommendation": 200, "name": 100}
MOST_REFERENCES = 9  # of a kind that a model can choose among; the same list for every call, so that servers cache it
_FLAG: Schema = {"type": "boolean"}


def answer_schema(taxonomy: Taxonomy, *, bounds_texts: bool = False) -> Schema:
    """The schema; evidence and signals stand first, so that a model looks before it judges."""

    def text(what: str, *kinds: str) -> Schema:
        bound = {"maxLength": LONGEST[what]} if bounds_texts else {}
        return {"type": ["string", *kinds] if kinds else "string", **bound}

    turn = {"type": "integer", "minimum": 0, "maximum": LAST_TURN}
    evidence = _object(signal=_enum(*QUOTED_SIGNALS, *REMOVALS), turn=turn, quote=text("quote"))
    return _object(
        evidence={"type": "array", "items": evidence, "maxItems": MOST_QUOTES},
        signals=_object(**dict.fromkeys(SIGNALS, _FLAG)),
        **{name: _enum(*taxonomy.codes(name)) for name in LABELS},
        quality_score={"type": "integer", "enum": [1, 2, 3, 4, 5]},
        qualification_comment=text("text"),
        summary=text("summary"),
        summary_ru=text("summary"),
        recommendations={"type": "array", "items": text("recommendation"), "maxItems": MOST_RECOMMENDATIONS},
        contacts=_object(
            full_name=text("name", "null"),
            phone_ref=_reference(*_numbered("PHONE"), CALLER_ID, NONE_OF_THESE),
            email_ref=_reference(*_numbered("EMAIL"), NONE_OF_THESE),
        ),
        language=_enum(*LANGUAGES),
        caller_is_minor=_FLAG,
        do_not_contact=_FLAG,
        instruction_attempt=_FLAG,
    )


def problems(value: Any, schema: Schema, path: str = "") -> list[str]:  # noqa: ANN401 — unchecked JSON
    """The paths of the members that do not fit, in the schema's order; their values are nobody's business."""
    if "anyOf" in schema:
        fits = any(not problems(value, part, path) for part in schema["anyOf"])
        return [] if fits else [path or "the answer"]
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


def _reference(*references: str) -> Schema:
    """One of these or null; no enum with null in it: lm-format-enforcer knows enums of one type alone."""
    return {"anyOf": [_enum(*references), {"type": "null"}]}


def _numbered(kind: str) -> list[str]:
    return [f"{kind}_{number}" for number in range(1, MOST_REFERENCES + 1)]
