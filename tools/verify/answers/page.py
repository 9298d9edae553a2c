"""Make docs/answers.md from the record of the outside tools, the answers and the templates' own figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from infra.costs_page import TITLES, synthesised
from tools.verify.answers.answers import Answers, Question, read_answers
from tools.verify.answers.record import FOLDER, Judgement, Record, Rule, Templates, read_record, resources

PAGE: Final = FOLDER.parents[2] / "docs" / "answers.md"
TOOLS: Final = {"control_tower": "Control Tower's proactive rules", "checkov": "checkov"}
INTRODUCTION: Final = """# The answer sheet

What a platform team's tools find in the templates of UAT and production, each finding answered, and AWS's questions
about a serverless workload. `make answers` runs the tools on the templates and makes this page; a test fails for a
finding without an answer, an answer without a finding, and templates that the tools have not seen. The answers stand
in `tools/verify/answers/answers.toml`. cdk-nag, CloudFormation's validator and cfn-lint find nothing: `make synth`.

An organisation that has the rules as hooks refuses what fails here: it exempts the rule for these stacks, or the
settings named in the answer are used.
"""
CHECKS: Final = "This control checks whether "
NAT: Final = "AWS::EC2::NatGateway"
FIGURES: Final[dict[str, tuple[str, str | None]]] = {  # a word in an answer: a type, and a property that it must have
    "alarms": ("AWS::CloudWatch::Alarm", None),
    "functions": ("AWS::Lambda::Function", None),
    "tables": ("AWS::DynamoDB::GlobalTable", None),
    "roles": ("AWS::IAM::Role", None),
    "dead_letters": ("AWS::SQS::Queue", "RedriveAllowPolicy"),
    "work_queues": ("AWS::SQS::Queue", "RedrivePolicy"),
    "nat_gateways": (NAT, None),
}


def page(record: Record, answers: Answers, templates: Templates) -> str:
    """The whole page, as Markdown."""
    figures = figures_of(templates)
    parts = [INTRODUCTION]
    for tool, title in TOOLS.items():
        parts.append(_tool(title, record.tools[tool], answers.findings[tool]))
    parts.append(_questions(answers.questions, figures))
    return "\n".join(parts)


def figures_of(templates: Templates) -> dict[str, str]:
    """Production's figures that the answers name, counted in its templates."""
    every = [each for template in templates["prod"].values() for each in resources(template).values()]
    counted = {
        word: sum(each["Type"] == kind and (named is None or named in each["Properties"]) for each in every)
        for word, (kind, named) in FIGURES.items()
    }
    (stage,) = [each["Properties"] for each in every if each["Type"] == "AWS::ApiGatewayV2::Stage"]
    throttles = [stage["DefaultRouteSettings"], *stage["RouteSettings"].values()]
    rates: Mapping[str, Any] = dict(
        zip(("rate", "webhook_rate"), (each["ThrottlingRateLimit"] for each in throttles), strict=True)
    )
    return {word: str(value) for word, value in (counted | dict(rates)).items()}


def _tool(title: str, judgement: Judgement, answers: Mapping[str, str]) -> str:
    ids = sorted(judgement.rules, key=_in_order)
    open_ones = [rule for rule in ids if judgement.rules[rule].to_answer]
    met = [rule for rule in ids if rule not in open_ones]
    count = f"{len(ids)} rules concern what we use, {len(met)} are met, {len(open_ones)} are answered."
    table = "| rule | asks | found at | answer |\n|---|---|---|---|"
    rows = "\n".join(_row(rule, judgement.rules[rule], answers.get(rule, "")) for rule in open_ones)
    return f"## {title}\n\nVersion {judgement.version}: {count}\n\n{table}\n{rows}\n\nMet: {', '.join(met)}.\n"


def _row(rule: str, found: Rule, answer: str) -> str:
    asks = found.title.removeprefix(CHECKS).rstrip(".")
    return f"| {rule} | {asks} | {_places(found)} | {answer} |"


def _places(found: Rule) -> str:
    """Names of resources, each with the environments that have it where it is not all of them."""
    if not found.failed:
        return "not looked at"
    where: dict[str, set[str]] = {}
    for place in found.failed:
        stack, name = place.split(" ")
        where.setdefault(name, set()).add(stack.split("-")[1])
    return ", ".join(
        name if envs == set(TITLES) else f"{name} ({', '.join(sorted(envs))})" for name, envs in where.items()
    )


def _in_order(rule: str) -> tuple[str | int, ...]:
    return tuple(f"{int(part):05}" if part.isdigit() else part for part in re.split(r"(\d+)", rule))


def _questions(questions: tuple[Question, ...], figures: Mapping[str, str]) -> str:
    def rows() -> Iterator[str]:
        for each in questions:
            yield f"| {each.question_id} | {each.question} | {each.answer.format_map(figures)} | {each.shown} |"

    head = (
        "## AWS Well-Architected: the questions of the Serverless Lens\n\nFigures are production's, from its templates."
    )
    return f"{head}\n\n| | question | answer | shown by |\n|---|---|---|---|\n{chr(10).join(rows())}\n"


def write() -> None:
    """Make the page from the record as it is kept."""
    PAGE.write_text(page(read_record(), read_answers(), synthesised()), encoding="utf-8")


if __name__ == "__main__":
    write()
