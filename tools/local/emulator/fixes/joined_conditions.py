"""Restores conditions that join a list: the CDK's bootstrap template asks so whether a list of policies is empty.

ministack compares the unread `Fn::Join`, so every such condition is true. Source: CloudFormation's reference,
"Condition functions" (Fn::Join is among the functions that Fn::Equals may hold).
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import changesets, engine, handlers, stacks


def install() -> None:
    """Join before ministack evaluates; a list's elements that are not parameters are left as they are."""
    evaluate = engine._evaluate_conditions

    def evaluate_joined(template: dict[str, Any], parameters: dict[str, Any]) -> Any:  # noqa: ANN401 — ministack's
        return evaluate({**template, "Conditions": _joined(template.get("Conditions", {}), parameters)}, parameters)

    for module in (engine, changesets, handlers, stacks):
        module._evaluate_conditions = evaluate_joined


def _joined(node: Any, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 — whatever a template holds
    if isinstance(node, list):
        return [_joined(each, parameters) for each in node]
    if not isinstance(node, dict):
        return node
    if "Fn::Join" in node:
        separator, elements = node["Fn::Join"]
        found = _value(elements, parameters)
        listed = found.split(",") if isinstance(found, str) else [_value(each, parameters) for each in found]
        return separator.join(map(str, listed))
    return {key: _joined(each, parameters) for key, each in node.items()}


def _value(node: Any, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 — the same
    """A parameter's value for its reference; a list parameter is one string here."""
    name = node.get("Ref") if isinstance(node, dict) else None
    return parameters[name]["Value"] if name in parameters else node
