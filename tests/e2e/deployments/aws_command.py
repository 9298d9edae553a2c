"""As much of AWS's command line as docs/deploy.md uses: `aws SERVICE OPERATION --some-member text… [--query …]`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence

import boto3
import jmespath  # type: ignore[import-untyped]  # it comes with botocore


def main(service: str, operation: str, *options: str) -> None:
    """Call the operation with each option as the member of its name, and print what it answers."""
    given = dict(_pairs(options))
    query = given.pop("query", "@")
    client = boto3.client(service)  # type: ignore[call-overload]  # any service
    method = operation.replace("-", "_")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
    members = {} if shape is None else shape.members
    by_option = {re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower(): name for name in members}
    answer = getattr(client, method)(**{by_option[name]: value for name, value in given.items()})
    sys.stdout.write(json.dumps(jmespath.search(query, answer), indent=4, default=str) + "\n")


def _pairs(options: Sequence[str]) -> Iterator[tuple[str, str | bool]]:
    """Each option with its text; one without a text is a truth, and with `--no-` an untruth."""
    rest = [*options]
    while rest:
        name = rest.pop(0).removeprefix("--")
        if rest and not rest[0].startswith("--"):
            yield name, rest.pop(0)
        else:
            yield name.removeprefix("no-"), not name.startswith("no-")


if __name__ == "__main__":
    main(*sys.argv[1:])
