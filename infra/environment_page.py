"""The sections of an environment's file that describe AWS resources, as part of docs/settings.md.

Read off the types that read the file, so that no limit and no default is kept twice.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Final

from infra.environments import Environment, sections

INTRODUCTION: Final = """
## The environment's file

`infra/environments/<name>.toml`, beside the sections that hold the settings above. What stands here describes AWS's
resources; a key that there is not, or a value out of its bounds, is one sentence at `make synth`.
"""
HEAD: Final = "| key | takes | default |\n|---|---|---|"
OWN_SECTIONS: Final = {"functions": "Size"}  # a table of tables, by step
LEFT_OUT: Final = frozenset({"values"})  # no key of the file: what the other sections come to
Schema = Mapping[str, Any]


def environment_sections() -> str:
    """The chapter, as Markdown: first the keys without a section, then each section with its promise."""
    whole = Environment.model_json_schema()
    kinds, fields = whole["$defs"], whole["properties"]
    refs = {name: _section_of(name, field) for name, field in fields.items() if name not in LEFT_OUT}
    plain = {name: fields[name] for name, kind in refs.items() if kind is None}
    parts = [INTRODUCTION, *_table("", inspect.getdoc(Environment) or "", {"properties": plain, **_needed(whole)})]
    for name, kind in refs.items():
        if kind is not None:
            about = inspect.getdoc(getattr(sections, kind)) or ""
            parts += _table(name if name not in OWN_SECTIONS else f"{name}.<step>", about, kinds[kind])
            inner = {f"{name}.{key}": _section_of(key, field) for key, field in kinds[kind]["properties"].items()}
            for title, section in ((title, section) for title, section in inner.items() if section is not None):
                parts += _table(title, inspect.getdoc(getattr(sections, section)) or "", kinds[section])
    return "\n".join(parts) + "\n"


def _needed(schema: Schema) -> dict[str, Any]:
    return {"required": schema.get("required", [])}


def _section_of(name: str, field: Schema) -> str | None:
    """The type of a key that is a section of its own."""
    if name in OWN_SECTIONS:
        return OWN_SECTIONS[name]
    for each in (field, *field.get("anyOf", [])):
        if "$ref" in each:
            return str(each["$ref"].rsplit("/", 1)[1])
    return None


def _table(name: str, about: str, schema: Schema) -> Iterator[str]:
    if name:
        yield f"\n### `[{name}]`\n"
    yield f"{about}\n\n{HEAD}"
    required = schema.get("required", [])
    for key, field in schema["properties"].items():
        default = "must be set" if key in required else _default(field.get("default"))
        yield f"| `{key}` | {_takes(field)} | {default} |"


def _default(value: object) -> str:
    if value is None or value in ([], {}):
        return "none"
    written = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"`{written.lower() if isinstance(value, bool) else written}`"


def _takes(field: Schema) -> str:
    choices = [each for each in field.get("anyOf", []) if each.get("type") != "null"]
    if choices:
        return " or ".join(_takes(each) for each in choices)
    if "enum" in field or "const" in field:
        return "one of " + ", ".join(f"`{each}`" for each in field.get("enum", [field.get("const")]))
    if "pattern" in field:
        return f"text like `{field['pattern'].replace('|', chr(92) + '|')}`"
    if field.get("type") == "array":
        return f"a list of: {_takes(field.get('items', {}))}"
    return _plain(field)


def _plain(field: Schema) -> str:
    words = {
        "integer": "a whole number",
        "number": "a number",
        "boolean": "`true` or `false`",
        "string": "text",
        "object": "a table of texts",
    }
    kind = str(field.get("format") or words.get(str(field.get("type")), "a table"))
    least, most = field.get("minimum"), field.get("maximum")
    bounds = f", {least} to {most}" if most is not None else f", {least} or more" if least is not None else ""
    return {"ipv4network": "a network", "email": "an address"}.get(kind, kind) + bounds
