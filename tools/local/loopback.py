"""What asks an HTTP server on this machine: no proxy, and no trust store, which takes longer to read than an answer."""

from __future__ import annotations

import ssl
import urllib.request
from pathlib import Path


def opener(certificate: Path | None = None) -> urllib.request.OpenerDirector:
    """For HTTP, and for HTTPS by the one certificate to trust. Any other scheme is an `URLError`."""
    found = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        found.add_handler(handler)
    if certificate is not None:
        trust = ssl.create_default_context(cafile=str(certificate))
        found.add_handler(urllib.request.HTTPSHandler(context=trust))
    return found
