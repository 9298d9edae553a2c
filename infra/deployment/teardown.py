"""An environment taken down for good, with what it holds; its address and its URL stay.

CloudFormation deletes no bucket that holds something, so its objects go first, when nobody writes any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def empty(s3: S3Client, bucket: str) -> int:
    """Delete every version and delete marker in the bucket; how many there were, none where there is no bucket."""
    deleted = 0
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            found: list[Any] = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if found:
                objects: Any = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
                s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
            deleted += len(found)
    except s3.exceptions.NoSuchBucket:
        return 0
    return deleted
