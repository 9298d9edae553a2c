"""What CloudFormation takes as a resource's properties: what its type's schema allows.

Source: the schemas of CloudFormation's registry, with AWS's own additions, as cfn-lint brings them. CloudFormation
reads "30" as 30 and "true" as true. A pattern in a dialect that Python does not read is passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

OWN_TAGS: Final = "aws:"  # CloudFormation's, which no template may give
Schema = Mapping[str, Any]


class Schemas:
    """The schemas of a region's resource types, each read when it is asked for."""

    def __init__(self, directory: Path, region: str) -> None:
        self._directory = directory / "resources"
        self._files: dict[str, str] = json.loads(
            (directory / "providers" / f"{region}.json").read_text(encoding="utf-8")
        )
        self.of = cache(self._of)

    def _of(self, kind: str) -> Schema:
        """The schema of a type; an empty one, which allows everything, for a type that has none."""
        if kind not in self._files:
            return {}
        found: Schema = json.loads((self._directory / f"{self._files[kind]}.json").read_text(encoding="utf-8"))
        return found


def refused(logical_id: str, schema: Schema, properties: Mapping[str, Any]) -> str | None:
    """CloudFormation's sentence about a resource's properties; nothing where its schema allows them."""
    found = sorted(_Validator(schema).iter_errors(_without_own_tags(properties)), key=lambda each: list(each.path))
    if not found:
        return None
    sentences = "; ".join(f"#{''.join(f'/{step}' for step in each.absolute_path)}: {each.message}" for each in found)
    return f"Properties validation failed for resource {logical_id} with message: {sentences}"


def _without_own_tags(properties: Mapping[str, Any]) -> dict[str, Any]:
    tags = properties.get("Tags")
    if isinstance(tags, list):
        kept: Any = [tag for tag in tags if not str(tag.get("Key", "")).startswith(OWN_TAGS)]
    elif isinstance(tags, dict):
        kept = {key: value for key, value in tags.items() if not key.startswith(OWN_TAGS)}
    else:
        return dict(properties)
    return {**properties, "Tags": kept}


def _kind(validator: Any, kinds: str | list[str], instance: object, _schema: Schema) -> Iterator[ValidationError]:  # noqa: ANN401 — jsonschema's
    wanted = [kinds] if isinstance(kinds, str) else kinds
    if not any(validator.is_type(instance, kind) or _reads_as(kind, instance) for kind in wanted):
        yield ValidationError(f"expected type: {', '.join(wanted)}, found: {type(instance).__name__}")


def _reads_as(kind: str, instance: object) -> bool:
    """Whether CloudFormation reads a scalar as one of this kind."""
    text = str(instance).lower()
    match kind:
        case "string":
            return isinstance(instance, bool | int | float)
        case "boolean":
            return text in {"true", "false"}
        case "integer":
            return isinstance(instance, str) and re.fullmatch(r"-?\d+", text) is not None
        case "number":
            return isinstance(instance, str) and re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
    return False


def _choice(_validator: object, choices: list[Any], instance: object, _schema: Schema) -> Iterator[ValidationError]:
    if str(instance) not in map(str, choices):
        yield ValidationError(f"{instance!r} is not one of {choices}")


def _pattern(validator: Any, pattern: str, instance: object, _schema: Schema) -> Iterator[ValidationError]:  # noqa: ANN401 — the same
    try:
        unlike = validator.is_type(instance, "string") and re.search(pattern, str(instance)) is None
    except re.error:
        return
    if unlike:
        yield ValidationError(f"string [{instance}] does not match pattern {pattern}")


def _surplus(
    validator: Any,  # noqa: ANN401 — the same
    allowed: object,
    instance: object,
    schema: Schema,
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict) or allowed is not False:
        yield from Draft7Validator.VALIDATORS["additionalProperties"](validator, allowed, instance, schema)
        return
    patterns = schema.get("patternProperties", {})
    for key in instance:
        if key not in schema.get("properties", {}) and not any(re.search(each, key) for each in patterns):
            yield ValidationError(f"extraneous key [{key}] is not permitted")


_Validator = extend(  # type: ignore[no-untyped-call]  # jsonschema
    Draft7Validator, {"type": _kind, "enum": _choice, "pattern": _pattern, "additionalProperties": _surplus}
)
