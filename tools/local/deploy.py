"""Deploy a cloud assembly to the emulated AWS: assets, then each stack by a change set, as `cdk deploy` would."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.names import camel_case
from tools.local.assembly import Asset, Stack, assets, stacks
from tools.local.aws import ACCOUNT, EmulatedAws
from tools.local.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cloudformation.type_defs import StackTypeDef

BOOTSTRAP_VERSION = ("/cdk-bootstrap/hnb659fds/version", "21")
TEMPLATES = "templates/"
POLL_SECONDS = 0.1
LONGEST_SECONDS = 120.0

Outputs = dict[str, dict[str, str]]


class DeploymentError(Exception):
    """A stack could not be deployed; the text names the resource and the reason."""


def deploy(
    directory: Path, aws: EmulatedAws, settings: Mapping[str, str], tell: Callable[[str], None] = lambda _line: None
) -> Outputs:
    """Deploy every stack that changed and answer each stack's outputs.

    `settings` are environment variables; a template takes those it declares a parameter for (CRM_SERVICE_URL as
    CrmServiceUrl) and its own defaults for the others.

    Raises:
        DeploymentError: A stack could not be deployed; the text names the resource and the reason.
    """
    cloudformation = aws.cloudformation()
    aws.client("ssm").put_parameter(
        Name=BOOTSTRAP_VERSION[0], Value=BOOTSTRAP_VERSION[1], Type="String", Overwrite=True
    )
    buckets = _upload(assets(directory, account=ACCOUNT, region=aws.region), aws)
    outputs: Outputs = {}
    for stack in stacks(directory):
        template, parameters = stack.template, _parameters(stack.template, settings)
        if not template.get("Resources"):  # CloudFormation refuses an empty stack
            continue
        if _is_deployed(cloudformation, stack.name, template, parameters):
            tell(f"{stack.name}: unchanged")
        else:
            url = _upload_template(stack, aws, buckets)
            _change(cloudformation, stack.name, url, parameters)
            tell(f"{stack.name}: deployed, {len(template['Resources'])} resources")
        outputs[stack.name] = _outputs(cloudformation, stack.name)
    return outputs


def unheard(directory: Path, settings: Mapping[str, str]) -> list[str]:
    """The settings that no template declares a parameter for."""
    declared = {parameter for stack in stacks(directory) for parameter in stack.template.get("Parameters", {})}
    return [name for name in settings if camel_case(name) not in declared]


def _upload(found: list[Asset], aws: EmulatedAws) -> list[str]:
    """Upload what is not there yet; the buckets, which are made when need be."""
    s3 = aws.s3()
    buckets = sorted({asset.bucket for asset in found})
    for bucket in buckets:
        try:
            s3.head_bucket(Bucket=bucket)
        except ClientError:
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})  # type: ignore[typeddict-item]  # any region
    for asset in found:
        if not asset.source.exists():  # an asset that another environment's synthesis left out
            continue
        try:
            s3.head_object(Bucket=asset.bucket, Key=asset.key)
        except ClientError:
            s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=asset.content())
    return buckets


def _upload_template(stack: Stack, aws: EmulatedAws, buckets: list[str]) -> str:
    """A template in line may have 51 200 bytes only; from a bucket it may have a megabyte."""
    key = f"{TEMPLATES}{stack.name}.json"
    aws.s3().put_object(Bucket=buckets[0], Key=key, Body=stack.template_file.read_bytes())
    return f"{aws.endpoint_url}/{buckets[0]}/{key}"


def _parameters(template: Mapping[str, Any], settings: Mapping[str, str]) -> dict[str, str]:
    by_parameter = {camel_case(name): text for name, text in settings.items()}
    return {name: by_parameter[name] for name in template.get("Parameters", {}) if name in by_parameter}


def _described(cloudformation: CloudFormationClient, name: str) -> StackTypeDef | None:
    try:
        return cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError:
        return None


def _is_deployed(
    cloudformation: CloudFormationClient, name: str, template: Mapping[str, Any], parameters: Mapping[str, str]
) -> bool:
    """Whether the stack is there, whole, from this template and with these parameters."""
    found = _described(cloudformation, name)
    if found is None or found["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        return False
    declared = template.get("Parameters", {})
    looked_up = {key for key, each in declared.items() if each["Type"].startswith("AWS::SSM::")}  # shown as its value
    wanted = {**{key: str(each.get("Default", "")) for key, each in declared.items()}, **parameters}
    given = {each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", [])}
    for key in looked_up:
        wanted.pop(key)
        given.pop(key, None)
    same = cloudformation.get_template(StackName=name)["TemplateBody"] == template
    return bool(same and given == wanted)


def _change(cloudformation: CloudFormationClient, name: str, url: str, parameters: Mapping[str, str]) -> None:
    found = _described(cloudformation, name)
    if found is not None and found["StackStatus"] == "ROLLBACK_COMPLETE":  # a failed first deployment can only go
        cloudformation.delete_stack(StackName=name)
        _wait(lambda: _described(cloudformation, name) is None, name)
        found = None
    try:
        change_set = cloudformation.create_change_set(
            StackName=name,
            ChangeSetName=f"local-{time.time_ns()}",
            ChangeSetType="UPDATE" if found else "CREATE",
            TemplateURL=url,
            Parameters=[{"ParameterKey": key, "ParameterValue": text} for key, text in parameters.items()],
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )["Id"]
    except ClientError as error:
        raise DeploymentError(f"{name}: {error.response['Error'].get('Message', error)}") from error
    if not _is_executable(cloudformation, change_set, name):
        return
    started = time.time()
    cloudformation.execute_change_set(ChangeSetName=change_set, StackName=name)
    _wait(lambda: not _status(cloudformation, name).endswith("_IN_PROGRESS"), name)
    status = _status(cloudformation, name)
    if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise DeploymentError(f"{name}: {_reason(cloudformation, name, started) or status}")


def _is_executable(cloudformation: CloudFormationClient, change_set: str, name: str) -> bool:
    """Wait for the change set; whether it changes anything. Raises `DeploymentError` when it cannot be made."""
    described = cloudformation.describe_change_set(ChangeSetName=change_set, StackName=name)
    deadline = time.monotonic() + LONGEST_SECONDS
    while described["Status"] in {"CREATE_PENDING", "CREATE_IN_PROGRESS"} and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        described = cloudformation.describe_change_set(ChangeSetName=change_set, StackName=name)
    if described["Status"] == "CREATE_COMPLETE":
        return True
    reason = described.get("StatusReason", described["Status"])
    if re.search(r"didn't contain changes|No updates are to be performed", reason):
        return False
    raise DeploymentError(f"{name}: {reason}")


def _status(cloudformation: CloudFormationClient, name: str) -> str:
    found = _described(cloudformation, name)
    return found["StackStatus"] if found else "DELETE_COMPLETE"


def _wait(done: Callable[[], bool], name: str) -> None:
    what = f"CloudFormation has finished with {name}"
    wait_until(done, what=what, seconds=LONGEST_SECONDS, poll=POLL_SECONDS, error=DeploymentError)


def _reason(cloudformation: CloudFormationClient, name: str, since: float) -> str:
    """The first resource that failed in this deployment, and why."""
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [
        event
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED") and event["Timestamp"].timestamp() >= since - 1
    ]
    if not failed:
        return ""
    first = failed[0]
    return (
        f"{first['LogicalResourceId']} ({first['ResourceType']}) failed: "
        f"{first.get('ResourceStatusReason', 'no reason given')}"
    )


def _outputs(cloudformation: CloudFormationClient, name: str) -> dict[str, str]:
    found = _described(cloudformation, name)
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])} if found else {}
