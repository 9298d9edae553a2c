"""Synthesised templates as plain dictionaries, found by environment, lifetime and resource type."""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from infra.environments import ENVIRONMENTS, FOLDER, Environment, load, parse
from infra.names import Lifetime, Step

ON_AWS = ("uat", "prod")
EVERYWHERE = ENVIRONMENTS
GUARDED = "guarded"
Properties = dict[str, Any]


@cache
def environment(name: str) -> Environment:
    return parse(guarded_values()) if name == GUARDED else load(name)


def guarded_values() -> dict[str, Any]:
    """Production as it would be behind a firewall, and what else is off in every environment of ours."""
    values = tomllib.loads((FOLDER / "prod.toml").read_text(encoding="utf-8"))
    values["name"] = GUARDED
    values["api"] |= {"kind": "rest", "firewall": {"webhook_only_from": "default", "and_from": ["198.51.100.7/32"]}}
    values["canary"] = {}
    values["backup"] = {"copy_to": "arn:aws:backup:eu-west-1:333333333333:backup-vault:calls"}
    return values


def joined(text: Any) -> str:
    """A text that CloudFormation joins, with an id in the place of one that a deployment makes."""
    if isinstance(text, str):
        return text
    if "Fn::Join" in text:
        glue, parts = text["Fn::Join"]
        return str(glue).join(map(joined, parts))
    return "0abc"


@dataclass(frozen=True)
class Templates:
    folder: Path

    def template(self, env: str, lifetime: Lifetime) -> dict[str, Any]:
        path = self.folder / f"postcall-{env}-{lifetime}.template.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def resources(self, env: str, lifetime: Lifetime, kind: str) -> dict[str, Any]:
        """Whole resources of a type, by logical id."""
        everything: dict[str, Any] = self.template(env, lifetime).get("Resources", {})
        return {name: each for name, each in everything.items() if each["Type"] == kind}

    def properties(self, env: str, lifetime: Lifetime, kind: str, named: str) -> dict[str, Properties]:
        """Properties of a type's resources, by the property that names them."""
        found = self.resources(env, lifetime, kind).values()
        return {each["Properties"][named]: each["Properties"] for each in found}

    def function(self, env: str, step: Step) -> Properties:
        functions = self.properties(env, "pipeline", "AWS::Lambda::Function", "FunctionName")
        return functions[environment(env).names.function(step)]

    def alarms(self, env: str) -> dict[str, Properties]:
        """Their descriptions as they are read after a deployment."""
        found = self.properties(env, "monitoring", "AWS::CloudWatch::Alarm", "AlarmName")
        return {name: each | {"AlarmDescription": joined(each["AlarmDescription"])} for name, each in found.items()}
