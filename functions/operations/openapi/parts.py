"""Small pieces that OpenAPI documents are made of."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ANY_OBJECT: Schema = {"type": "object"}


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    """The same or null."""
    if "type" in schema and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"oneOf": [schema, {"type": "null"}]}


def words(*values: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(values)}


def listed(schema: Schema) -> Schema:
    """A list of such."""
    return {"type": "array", "items": schema}


def members(optional: dict[str, Schema] | None = None, /, **required: Schema) -> Schema:
    """An object with exactly these members."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def described(schema: Schema, description: str) -> Schema:
    """The same with a sentence."""
    return schema | {"description": description}


def coded(name: str) -> dict[str, Schema]:
    """What stands beside a sentence where it has a code: the code, and the parameters of its words."""
    return {f"{name}_code": TEXT, f"{name}_params": ANY_OBJECT}
