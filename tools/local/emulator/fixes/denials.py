"""Restores the trail of what was denied (AUTH=true): `logs/denied.log`, a line of JSON for each permission that lacked.

On AWS CloudTrail has it; here only the caller sees the refusal, and our functions answer in words of their own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ministack.core import iam_evaluator


def install() -> None:
    """Write down each denial by a role's or a user's policies; a wrong key is none."""
    enforce = iam_evaluator.enforce
    path = Path(os.environ["POSTCALL_EMULATOR_DIRECTORY"]).parent / "logs" / "denied.log"

    def enforce_and_tell(  # noqa: PLR0917 — ministack's own signature
        access_key: str,
        action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 — ministack's
        denied = enforce(
            access_key, action, service, region, resource_arn=resource_arn, service_context=service_context
        )
        principal = getattr(denied, "principal_arn", None)
        if principal:
            report = {"principal": principal, "action": action, "resource": resource_arn}
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(report)}\n")
        return denied

    iam_evaluator.enforce = enforce_and_tell
