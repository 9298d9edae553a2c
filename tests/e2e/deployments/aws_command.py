"""As much of AWS's command line as docs/deploy.md uses: `aws SERVICE OPERATION --some-member text… [--query …]`."""

from __future__ import annotations

import json
import re
import sys

import boto3
import jmespath  # type: ignore[import-untyped]  # it comes with botocore


def main(service: str, operation: str, *options: str) -> None:
    """Call the operation with each option as the member of its name, and print what it answers."""
    given = {name.removeprefix("--"): text for name, text in zip(options[::2], options[1::2], strict=True)}
    query = given.pop("query", "@")
    client = boto3.client(service)  # type: ignore[call-overload]  # any service
    method = operation.replace("-", "_")
    members = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape.members
    by_option = {re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower(): name for name in members}
    answer = getattr(client, method)(**{by_option[name]: text for name, text in given.items()})
    sys.stdout.write(json.dumps(jmespath.search(query, answer), indent=4, default=str) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
