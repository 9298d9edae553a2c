"""A file of certificates to trust: refused where it holds none, and asked when it ends."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Bundle:
    """How many certificates a file holds, and when the first of its authorities expires, where that can be read."""

    certificates: int
    expires_at: datetime | None


def read_bundle(path: Path) -> Bundle:
    """What a PEM file holds.

    Raises:
        ValueError: With a sentence when it is no file of certificates.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=str(path))
    except (OSError, ValueError):  # ssl's own error is an OSError
        raise ValueError(f"the file '{path}' holds no certificate in PEM form.") from None
    count = context.cert_store_stats()["x509"]
    if not count:
        raise ValueError(f"the file '{path}' holds no certificate in PEM form.")
    ends = [ssl.cert_time_to_seconds(str(each["notAfter"])) for each in context.get_ca_certs() if "notAfter" in each]
    return Bundle(count, datetime.fromtimestamp(min(ends), UTC) if ends else None)


def ca_bundle(text: str) -> Path:
    """A file that is there and holds a certificate: how a setting is read.

    Raises:
        ValueError: There is no such file, or it holds no certificate.
    """
    path = Path(text)
    if not path.is_file():
        raise ValueError(f"there is no file '{text}'.")
    read_bundle(path)
    return path
