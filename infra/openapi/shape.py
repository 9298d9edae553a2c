"""Models for the document alone, and their schemas: exactly these members, nothing that only pydantic would say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

REFERENCE = "#/components/schemas/{model}"
ABSENT: Any = None  # the default of a member that may be absent, and is not null where it is there
S = TypeVar("S", bound=BaseModel)


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Open(BaseModel):
    """May have more members than are named."""


def shape(name: str, /, **types: Any) -> type[Shape]:  # noqa: ANN401 — types
    """A model of these members that needs no more words."""
    return members(types)(type(name, (Shape,), {}))


def of(source: type, names: str = "", *, said: str = "") -> Callable[[type[S]], type[S]]:
    """Give a model members of a domain type: these, or all that the model does not declare itself."""
    hints = get_type_hints(source)
    return members({name: hints[name] for name in names.split() or source.__dataclass_fields__}, said=said)  # type: ignore[attr-defined]


def members(types: dict[str, Any], *, said: str = "") -> Callable[[type[S]], type[S]]:
    """Give a model these members, and beside what is `said` its code and parameters where it has them."""
    coded: dict[str, Any] = {f"{said}_code": (str, ""), f"{said}_params": (dict[str, Any], {})} if said else {}

    def grown(model: type[S]) -> type[S]:
        more = {name: (kind, ...) for name, kind in types.items() if name not in model.model_fields} | coded
        made: type[S] = create_model(model.__name__, __base__=model, __doc__=model.__doc__, **more)
        return made

    return grown


def schemas(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """The schema of each, and of what they are made of, by name."""
    wanted = [(model, "validation") for model in models]
    _, whole = models_json_schema(wanted, ref_template=REFERENCE, schema_generator=Schemas)  # type: ignore[arg-type]
    found: dict[str, Any] = whole["$defs"]
    return {name: _without_title(schema) for name, schema in found.items()}


def _without_title(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "title"}


class Schemas(GenerateJsonSchema):
    """OpenAPI 3.1 as people read it: a nullable type in one line, no titles, no defaults, no further members."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 — pydantic's own
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ANN401, FBT001 — pydantic's own
        return True if field["type"] == "dataclass-field" else super().field_is_required(field, total)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        return super().dataclass_schema(schema) | {"additionalProperties": False}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        return {"type": "string", "enum": list(schema["expected"])}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        if "type" in inner and "enum" not in inner:
            return inner | {"type": [inner["type"], "null"]}
        return {"oneOf": [inner, {"type": "null"}]}
