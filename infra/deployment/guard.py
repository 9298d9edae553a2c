"""The change guard: what a difference between two sets of templates would do, beyond what `cdk diff` shows.

CloudFormation refuses some changes only in the middle of a deployment, and carries out others that cost the address or
the URL. Which property replaces its resource is read from the resource types' own schemas, which cfn-lint brings.
Sources: AWS's pages on updating tables' indexes, on replacement, on exports and on NAT gateways.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

Template = Mapping[str, Any]
Templates = Mapping[str, Template]  # by stack
Resource = Mapping[str, Any]

TABLE: Final = "AWS::DynamoDB::GlobalTable"
ADDRESS: Final = "AWS::EC2::EIP"
NAT: Final = "AWS::EC2::NatGateway"
APIS: Final = frozenset({"AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::DomainName"})
HOLDS_DATA: Final = frozenset(
    {TABLE, "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"}
)
VERSIONED: Final = frozenset({"AWS::Lambda::LayerVersion"})
KEPT: Final = frozenset({"Retain", "RetainExceptOnCreate"})
INDEXES: Final = "GlobalSecondaryIndexes"


class Effect(StrEnum):
    """What a change comes to; the last three fail a pull request."""

    SAFE = "safe"
    ONE_AT_A_TIME = "one at a time"
    NEEDS_A_RECIPE = "needs a recipe"
    LOSES_THE_URL = "loses the URL"
    LOSES_THE_ADDRESS = "loses the address"
    REFUSED = "refused by CloudFormation"

    @property
    def fails(self) -> bool:
        return self in {Effect.LOSES_THE_URL, Effect.LOSES_THE_ADDRESS, Effect.REFUSED}


@dataclass(frozen=True)
class Verdict:
    """One change with its effect; `recipe` is what to do instead, or beside it."""

    stack: str
    resource: str
    effect: Effect
    what: str
    recipe: str = ""


def judge(before: Templates, after: Templates) -> list[Verdict]:
    """A verdict for each changed resource and export, the worst first; nothing for what is the same."""
    found = [verdict for stack in sorted(before.keys() | after.keys()) for verdict in _stack(stack, before, after)]
    return sorted(found, key=lambda verdict: -list(Effect).index(verdict.effect))


def _stack(stack: str, before: Templates, after: Templates) -> Iterator[Verdict]:
    old, new = before.get(stack, {}).get("Resources", {}), after.get(stack, {}).get("Resources", {})
    elsewhere = _fixed_names(before, but=stack)
    for name in sorted(old.keys() | new.keys()):
        for effect, what, recipe in _resource(old.get(name), new.get(name), elsewhere=elsewhere):
            yield Verdict(stack, name, effect, what, recipe)
    yield from _exports(stack, before, after)


Finding = tuple[Effect, str, str]


def _resource(old: Resource | None, new: Resource | None, *, elsewhere: frozenset[str]) -> Iterator[Finding]:
    if old == new:
        return
    if old is None and new is not None:
        yield _added(new, elsewhere)
    elif new is None and old is not None:
        yield _removed(old)
    elif old is not None and new is not None:
        if old["Type"] != new["Type"]:
            yield Effect.REFUSED, f"a {old['Type']} becomes a {new['Type']}", "give the new resource another logical id"
        else:
            yield from _changed(old, new)


def _added(new: Resource, elsewhere: frozenset[str]) -> Finding:
    name = _fixed_name(new)
    if name in elsewhere:
        recipe = "deploy the stack that gives it up first; what is retained there must be imported or renamed"
        return Effect.NEEDS_A_RECIPE, f"{new['Type']} {name} comes from another stack, and names are taken", recipe
    return Effect.SAFE, f"a new {new['Type']}", ""


def _removed(old: Resource) -> Finding:
    kind, kept = old["Type"], old.get("DeletionPolicy") in KEPT
    if kind == ADDRESS:
        return Effect.LOSES_THE_ADDRESS, "an Elastic IP leaves the stack", "write to the CRM's owner first"
    if kind in APIS:
        return Effect.LOSES_THE_URL, f"{kind} leaves the stack", "enter the new URL at ElevenLabs, or keep the API"
    if kind in HOLDS_DATA and kept:
        recipe = "it stays without a stack and keeps its name: import it (`cdk import`), or delete it by hand"
        return Effect.NEEDS_A_RECIPE, f"{kind} {_fixed_name(old)} is retained", recipe
    if kind == "AWS::SecretsManager::Secret":
        return Effect.NEEDS_A_RECIPE, "a secret goes without a recovery window", "note its value first"
    if kind in HOLDS_DATA:
        return Effect.NEEDS_A_RECIPE, f"{kind} goes with what it holds", "make a backup first; a bucket must be empty"
    return Effect.SAFE, f"{kind} goes", ""


def _changed(old: Resource, new: Resource) -> Iterator[Finding]:
    before, after = old.get("Properties", {}), new.get("Properties", {})
    different = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    replaced = [key for key in different if key in replacing(old["Type"])]
    if replaced:
        yield _replaced(old, new, replaced)
    elif old["Type"] == TABLE and INDEXES in different:
        yield from _indexes(before.get(INDEXES, []), after.get(INDEXES, []))
    elif different:
        yield Effect.SAFE, f"{old['Type']}: {', '.join(different)}", ""


def _replaced(old: Resource, new: Resource, properties: list[str]) -> Finding:
    kind, which = old["Type"], ", ".join(properties)
    what = f"{which} replaces the {kind}"
    if kind == ADDRESS:
        return Effect.LOSES_THE_ADDRESS, what, "write to the CRM's owner first"
    if kind in APIS:
        return Effect.LOSES_THE_URL, what, "enter the new URL at ElevenLabs, or keep the API"
    name = _fixed_name(old)
    if name and name == _fixed_name(new):
        return Effect.REFUSED, f"{what}, and {name} is taken by the old one", "give the new one another name"
    if kind == NAT or kind in {"AWS::EC2::VPC", "AWS::EC2::Subnet"}:
        recipe = "destroy pipeline and network (the address stays), then deploy both; no lead is lost meanwhile"
        return Effect.REFUSED, f"{what}: the new one wants what the old one still holds", recipe
    if kind in HOLDS_DATA:
        return Effect.NEEDS_A_RECIPE, what, "the new one is empty: copy what the old one holds"
    return Effect.SAFE, what, ""


def _indexes(before: list[Any], after: list[Any]) -> Iterator[Finding]:
    old, new = ({each["IndexName"]: each for each in some} for some in (before, after))
    for name in sorted(old.keys() & new.keys()):
        if _fixed_part(old[name]) != _fixed_part(new[name]):
            recipe = "add an index of another name, deploy, read from it, deploy, take the old one away, deploy"
            yield Effect.REFUSED, f"index {name}: keys and projection cannot be updated", recipe
    comings = sorted(old.keys() ^ new.keys())
    if len(comings) > 1:
        yield Effect.ONE_AT_A_TIME, f"indexes {', '.join(comings)}", "one index a deployment: split the change"
    elif comings:
        yield Effect.SAFE, f"one index: {comings[0]}", ""


def _fixed_part(index: Mapping[str, Any]) -> dict[str, Any]:
    projection = index.get("Projection", {})
    listed = sorted(map(str, projection.get("NonKeyAttributes", [])))
    return {"keys": index.get("KeySchema"), "kind": projection.get("ProjectionType"), "listed": listed}


def _exports(stack: str, before: Templates, after: Templates) -> Iterator[Verdict]:
    """An export that goes or changes while a deployed stack still imports it."""
    old, new = _exported(before.get(stack, {})), _exported(after.get(stack, {}))
    if stack not in after:
        return
    for name in sorted(name for name, value in old.items() if new.get(name) != value):
        users = sorted(other for other in before if other != stack and _imports(before[other], name))
        if users:
            recipe = f"first deploy {', '.join(users)} without it (`--exclusively`), then this stack"
            yield Verdict(stack, name, Effect.REFUSED, f"the export is in use by {', '.join(users)}", recipe)


def _exported(template: Template) -> dict[str, Any]:
    outputs = template.get("Outputs", {}).values()
    return {str(each["Export"]["Name"]): each["Value"] for each in outputs if "Export" in each}


def _imports(node: object, name: str) -> bool:
    if isinstance(node, Mapping):
        return node.get("Fn::ImportValue") == name or any(_imports(each, name) for each in node.values())
    return isinstance(node, list) and any(_imports(each, name) for each in node)


def _fixed_names(templates: Templates, *, but: str) -> frozenset[str]:
    """The names that retained resources of other stacks hold."""
    others = [template for stack, template in templates.items() if stack != but]
    resources = [each for template in others for each in template.get("Resources", {}).values()]
    return frozenset(_fixed_name(each) for each in resources) - {""}


def _fixed_name(resource: Resource) -> str:
    """The name that a resource was given and nobody else can have, or nothing."""
    found = [resource.get("Properties", {}).get(key) for key in identifying(resource["Type"])]
    return next((each for each in found if isinstance(each, str)), "")


@cache
def replacing(kind: str) -> frozenset[str]:
    """The properties of a type whose change makes another resource."""
    schema = _schema(kind)
    return _properties(schema.get("createOnlyProperties")) | _properties(schema.get("conditionalCreateOnlyProperties"))


@cache
def identifying(kind: str) -> frozenset[str]:
    """The properties of a type that name it for the whole account: those that replace it and read like a name.

    A name within something else (a stage's within its API), or of many versions, is nobody else's hindrance.
    """
    if kind in VERSIONED or len(_schema(kind).get("primaryIdentifier", [])) > 1:
        return frozenset()
    return frozenset(each for each in replacing(kind) if each.endswith("Name") or each == "Name")


def _properties(pointers: list[str] | None) -> frozenset[str]:
    return frozenset(pointer.split("/")[2] for pointer in pointers or [])


def _schema(kind: str) -> dict[str, Any]:
    from cfnlint.schema.manager import (  # type: ignore[import-untyped]  # noqa: PLC0415 — a second of imports
        PROVIDER_SCHEMA_MANAGER,
    )

    try:
        schema: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    except Exception:  # noqa: BLE001 — a custom resource has no schema; cfn-lint raises its own kinds
        return {}
    return schema
