"""What cannot be deleted as it is: a bucket that holds something, a table that is protected.

Sources: CloudFormation's "DeletionPolicy attribute" ("For Amazon S3 buckets, you must delete all objects in the bucket
for deletion to succeed"), S3's DeleteBucket (every version and delete marker counts), DynamoDB's developer guide,
"Using deletion protection to protect your table".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

NOT_EMPTY: Final = "The bucket you tried to delete is not empty"
PROTECTED: Final = "Resource cannot be deleted as it is currently protected against deletion"


def refused_bucket(*, objects: int) -> str | None:
    """S3's sentence about a bucket; `objects` counts versions and delete markers too."""
    return f"{NOT_EMPTY}. You must delete all versions in the bucket." if objects else None


def refused_table(*, protected: bool) -> str | None:
    """DynamoDB's sentence about a table."""
    return f"{PROTECTED}. Disable deletion protection first." if protected else None


def is_protected(properties: Mapping[str, Any]) -> bool:
    """Whether a table's properties protect it; a global table's protection lies in its replicas."""
    places = [properties, *properties.get("Replicas", [])]
    return any(str(each.get("DeletionProtectionEnabled")).lower() == "true" for each in places)
