"""The AWS side of the ports: tables, queues, secrets, HTTP events."""

from postcall.deferred import defer


def _no_documentation(*_of: object, **_named: object) -> None:
    """What a method's documentation is at run time: none."""


# A fifth of importing botocore: texts about its methods, a reader of dates in any form, HTTP/2.
defer("botocore.docs")
defer(
    "botocore.docs.docstring",
    ClientMethodDocstring=_no_documentation,
    PaginatorDocstring=_no_documentation,
    WaiterDocstring=_no_documentation,
)
defer("dateutil.parser", "parse")
defer("urllib3.http2")
