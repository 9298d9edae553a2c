"""The environment's account as a deployment may look at it: by the bootstrap's lookup role, as the CDK's command line
does, so that whoever may take that role needs no right of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    import boto3

    from infra.environments import Environment

DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException"})
SESSION_NAME: Final = "postcall-deployment"


def lookup_session(environment: Environment, own: boto3.session.Session) -> boto3.session.Session:
    """A session with the lookup role; the given one where that may not be taken, or is not there yet."""
    account, region = environment.account, environment.region
    role = f"arn:aws:iam::{account}:role/cdk-{environment.bootstrap_qualifier}-lookup-role-{account}-{region}"
    try:
        taken = own.client("sts", region_name=region).assume_role(RoleArn=role, RoleSessionName=SESSION_NAME)
    except ClientError as error:
        if error.response["Error"]["Code"] not in DENIED:
            raise
        return own
    return _with(taken["Credentials"], region)


def session(environment: Environment) -> boto3.session.Session:
    """The lookup role's session, from the shell's credentials."""
    import boto3  # noqa: PLC0415 — looking at an environment's file needs no AWS

    return lookup_session(environment, boto3.session.Session(region_name=environment.region))


def _with(credentials: Any, region: str) -> boto3.session.Session:  # noqa: ANN401 — the client's own dictionary
    import boto3  # noqa: PLC0415 — the same

    return boto3.session.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        region_name=region,
    )
