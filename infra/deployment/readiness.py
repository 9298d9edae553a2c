"""What an environment's file still lacks before it may be deployed; a fresh clone can be looked at all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.environments import Environment

EMULATED_ACCOUNT: Final = "000000000000"
EXAMPLE_OWNER: Final = "example-owner"


def missing(environment: Environment) -> Iterator[str]:
    """A sentence for each thing that a deployment to AWS would be wrong without."""
    if environment.account == EMULATED_ACCOUNT:
        return
    if len(set(environment.account)) == 1:
        yield f"account is still the placeholder {environment.account}: give the account's own number"
    github = environment.github
    if github is not None and github.repository.startswith(EXAMPLE_OWNER):
        yield "github.repository is still the placeholder: name the repository, or take [github] out"
    if not environment.monitoring.emails and environment.monitoring.topic_arn is None:
        yield "monitoring.emails is empty and there is no monitoring.topic_arn: nobody would hear an alarm"
