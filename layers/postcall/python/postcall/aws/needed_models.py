"""What botocore reads of its own data before it makes a client, for the services that every call needs.

Its loader looks into each of four hundred services' folders, twice, and parses every service's address in every region,
1.2 MB, though the rules of a service's own (`endpoint-rule-set`) decide where a request goes. Here the partitions alone
are told, as botocore's smaller file has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from botocore.loaders import Loader

SERVICES: Sequence[str] = ("dynamodb", "secretsmanager", "sqs")


class NeededModels(Loader):
    """Knows three services, and the partitions without what lies in them."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 — botocore's own
        """The services; each of them has every kind of file."""
        return list(SERVICES)

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        """As botocore's; where the smaller file has another form than today's, the larger one is read."""
        if name == "endpoints":
            data, path = super().load_data_with_path("partitions")
            with suppress(KeyError, TypeError):
                return {"version": 3, "partitions": [_partition(one) for one in data["partitions"]]}, path
        return super().load_data_with_path(name)


def _partition(one: Mapping[str, Any]) -> dict[str, Any]:
    outputs, host = one["outputs"], "{service}.{region}.{dnsSuffix}"
    fips, both = "{service}-fips.{region}.{dnsSuffix}", outputs["dualStackDnsSuffix"]
    variants = [
        {"dnsSuffix": outputs["dnsSuffix"], "hostname": fips, "tags": ["fips"]},
        {"dnsSuffix": both, "hostname": fips, "tags": ["dualstack", "fips"]},
        {"dnsSuffix": both, "hostname": host, "tags": ["dualstack"]},
    ]
    return {
        "partition": one["id"],
        "dnsSuffix": outputs["dnsSuffix"],
        "regionRegex": one["regionRegex"],
        "regions": {},
        "services": {},
        "defaults": {"hostname": host, "protocols": ["https"], "signatureVersions": ["v4"], "variants": variants},
    }
