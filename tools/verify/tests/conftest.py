"""The same for all tests of the evidence as for the product's."""

from __future__ import annotations

from tests import conftest as _of_the_product  # noqa: F401 — no example of a property fails for the time it took
