"""AWS's signature of a request, version 4, for requests that are a POST of a body to the root.

botocore's signs any request of any service, and takes four times as long. The tests hold this one against it.
Source: AWS's Identity and Access Management guide, "Create a signed AWS API request".
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.exceptions import NoCredentialsError

if TYPE_CHECKING:
    from botocore.credentials import Credentials

_ALGORITHM = "AWS4-HMAC-SHA256"
_UNSIGNED = frozenset({"user-agent", "x-amzn-trace-id"})  # what others on the way may change


class Signer:
    """Signs what goes to one address; `credentials` are asked for each request, as they may be renewed."""

    def __init__(self, credentials: Credentials | None, *, service: str, region: str, url: str) -> None:
        self._credentials, self._service, self._region = credentials, service, region
        self._host = urlsplit(url).netloc

    def signed(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> dict[str, str]:
        """The headers with those that a signature needs, `now` being UTC.

        Raises:
            NoCredentialsError: There are none.
        """
        if self._credentials is None:
            raise NoCredentialsError
        keys: Any = self._credentials.get_frozen_credentials()
        moment = now.strftime("%Y%m%dT%H%M%SZ")
        sent = {**headers, "X-Amz-Date": moment, **({"X-Amz-Security-Token": keys.token} if keys.token else {})}
        signed = {name.lower(): value for name, value in sent.items()} | {"host": self._host}
        names = sorted(signed.keys() - _UNSIGNED)
        lines = [f"{name}:{' '.join(signed[name].split())}" for name in names]
        request = "\n".join(["POST", "/", "", *lines, "", ";".join(names), sha256(body).hexdigest()])
        scope = f"{moment[:8]}/{self._region}/{self._service}/aws4_request"
        text = "\n".join([_ALGORITHM, moment, scope, sha256(request.encode()).hexdigest()])
        signature = _mac(_key(keys.secret_key, scope), text).hex()
        sent["Authorization"] = (
            f"{_ALGORITHM} Credential={keys.access_key}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
        )
        return sent


@lru_cache(maxsize=4)  # of two services, and of the night when the day changes
def _key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _mac(key, part)
    return key


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
