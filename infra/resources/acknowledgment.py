"""A finding of the rule packs that we live with, and why: no reason, no acknowledgment."""

import aws_cdk as cdk
from constructs import IConstruct


def acknowledge(construct: IConstruct, finding: str, reason: str) -> None:
    """Record the reason with the construct; `finding` is the exact id cdk-nag prints, brackets included."""
    cdk.Validations.of(construct).acknowledge(cdk.Acknowledgment(id=finding, reason=reason))
