"""The API as an OpenAPI 3.1 document, made of the routes and of the domain's types when templates are made.

It is packed with the operations' code: no function imports what makes it.
"""

from infra.openapi.document import document, document_file

__all__ = ["document", "document_file"]
