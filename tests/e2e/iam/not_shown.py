"""What the emulated AWS cannot show, each with its reason; UAT has to (docs/deploy.md, "What only UAT can show")."""

from __future__ import annotations

from tests.e2e.iam.permission import Permission

BY_SERVICE = {
    "kms": "the emulated stores encrypt nothing, so no service asks for the key",
    "ec2": "the emulated network is records: no function is attached to it",
    "logs": "the emulator writes a function's output to a file, not through the function's role",
}
POLLED = "the emulator's event source reads the queue itself; on AWS Lambda does it with the function's role"
MOVED = "SQS checks it while it moves the messages, which the emulator does as itself"
BY_PERMISSION = {
    **{
        f"{step} sqs:{action} {step}": POLLED
        for step in ("analysis", "dispatch")
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    },
    **{f"operations sqs:DeleteMessage {queue}-dead-letters": MOVED for queue in ("analysis", "dispatch")},
}


def why_not_shown(permission: Permission) -> str | None:
    """The reason, or None for a permission that a probe has to show."""
    return BY_SERVICE.get(permission.action.split(":")[0]) or BY_PERMISSION.get(str(permission))
