"""Stacks of a test in the emulated CloudFormation, and what became of them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from botocore.exceptions import ClientError

from tools.local.aws import EmulatedAws
from tools.local.waiting import wait_until

Resources = dict[str, Any]


class Account:
    """Stacks of a test's own, with names that nobody else uses."""

    def __init__(self, aws: EmulatedAws) -> None:
        self.aws = aws
        self.cloudformation = aws.cloudformation()
        self.own = f"t{uuid.uuid4().hex[:8]}"

    def name(self, word: str) -> str:
        return f"{self.own}-{word}"

    def deploy(self, word: str, resources: Resources, outputs: Resources | None = None) -> str:
        """Create or update the stack; the status it comes to rest at."""
        body = json.dumps({"Resources": resources, "Outputs": outputs or {}})
        if self.status(word) in {"", "DELETE_COMPLETE"}:
            self.cloudformation.create_stack(StackName=self.name(word), TemplateBody=body)
        else:
            self.cloudformation.update_stack(StackName=self.name(word), TemplateBody=body)
        return self._at_rest(word)

    def delete(self, word: str) -> str:
        """Delete the stack; the status it comes to rest at, or the refusal."""
        try:
            self.cloudformation.delete_stack(StackName=self.name(word))
        except ClientError as error:
            return str(error)
        return self._at_rest(word)

    def status(self, word: str) -> str:
        """The stack's status; nothing where there is none."""
        try:
            return str(self.cloudformation.describe_stacks(StackName=self.name(word))["Stacks"][0]["StackStatus"])
        except ClientError:
            return ""

    def reasons(self, word: str) -> str:
        """Why resources of the stack failed."""
        summary = self.cloudformation.list_stacks()["StackSummaries"]
        stack = next(each["StackId"] for each in summary if each["StackName"] == self.name(word))
        events = self.cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        return "\n".join(each.get("ResourceStatusReason", "") for each in events)

    def _at_rest(self, word: str) -> str:
        wait_until(lambda: not self.status(word).endswith("_IN_PROGRESS"), what=f"{word} is at rest")
        return self.status(word) or "DELETE_COMPLETE"
