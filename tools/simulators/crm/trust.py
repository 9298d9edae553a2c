"""The trust check of the web-form service: a prefix rule on the Referer header, and nothing else.

It is no security boundary (a client chooses its Referer), but a request that breaks it saves nothing.
"""

import re
from urllib.parse import urljoin, urlsplit

from tools.simulators.crm.exchange import Unhandled

_SEPARATORS = re.compile(r"[;* ,\n\r\t]+")
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_trusted(referer: str | None, external_urls: str, *, own_url: str) -> bool:
    """Whether the landing's address list allows the Referer. Raises Unhandled for a malformed absolute address."""
    if not referer:
        return False
    address = bare(absolute(referer, own_url))
    return any(address.startswith(bare(entry)) for entry in entries(external_urls))


def is_trusted_origin(origin: str | None, external_urls: str) -> bool:
    """The letter's wish (not the stock server's rule): the Origin is one of the listed sites."""
    if not origin or "://" not in origin:
        return False
    return any(bare(origin).rstrip("/") == bare(entry).split("/")[0] for entry in entries(external_urls))


def entries(external_urls: str) -> list[str]:
    """The entries of the landing's address field; `*` is a separator like the others, not a wildcard."""
    return [entry for entry in _SEPARATORS.split(external_urls) if entry]


def bare(address: str) -> str:
    """The address without its scheme and `www.`."""
    return re.sub(r"^(https?://)?(www\.)?", "", address)


def absolute(referer: str, own_url: str) -> str:
    """The Referer as .NET's `Uri` prints it: scheme and host in lower case, no default port, at least a `/`.

    Without a scheme it is taken as relative to the CRM's own address, which the list does not hold.

    Raises:
        Unhandled: An exception that the service does not catch: the "Request Error" page.
    """
    if not _SCHEME.match(referer):
        return urljoin(own_url, referer)
    try:
        parts = urlsplit(referer)
        port = parts.port
    except ValueError as error:
        raise Unhandled("UriFormatException") from error
    if parts.scheme in _DEFAULT_PORTS and not parts.hostname:
        raise Unhandled("UriFormatException")
    host = parts.hostname or ""
    if port and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    return parts._replace(netloc=host, path=parts.path or "/").geturl()
