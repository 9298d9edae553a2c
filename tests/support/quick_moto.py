"""Moto without what it does for nothing in our tests, which is most of what it does.

Before each transaction it copies every item of each table in it: here a copy of a table holds the same items in
dictionaries of its own, and an item is put anew before it is changed, so what is taken back is what was there.
For each test it writes down every address of AWS for a library that nobody here asks AWS by, and for each request it
lists its own methods and spells names letter by letter, as for each message of a queue. For each request it also draws
an id letter by letter, and for each node of an expression it lists the kinds of nodes that its validator works on.
"""

from __future__ import annotations

import copy
import string
from collections import defaultdict
from functools import cache
from typing import Any

from moto.core import models, responses
from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import ast_nodes
from moto.moto_api._internal.moto_random import MotoRandom
from moto.sqs import models as sqs

_CONTAINERS = frozenset({"M", "L", "SS", "NS", "BS"})  # what an update changes in place
_update_item = DynamoDBBackend.update_item
_copy_value = DynamoType.__deepcopy__
_TRAVERSER: Any = ast_nodes.DepthFirstTraverser  # type: ignore[attr-defined]  # moto's file has no types
_list_kinds = _TRAVERSER.nodes_to_be_processed
_kinds: dict[type, Any] = {}


def _copy_table(self: Table, _memo: dict[int, Any]) -> Table:
    made = copy.copy(self)
    items: Any = {key: dict(found) if self.has_range_key else found for key, found in self.items.items()}
    made.items = defaultdict(dict, items)
    return made


def _update_a_copy(self: DynamoDBBackend, table_name: str, key: dict[str, Any], *given: Any, **named: Any) -> Item:
    table = self.get_table(table_name)
    hash_key, range_key = self.get_keys_value(table, key)
    item = table.get_item(hash_key, range_key)
    if item is not None:
        items: Any = table.items
        under, own = (items[hash_key], range_key) if table.has_range_key else (items, hash_key)
        under[own] = copy.deepcopy(item)
    return _update_item(self, table_name, key, *given, **named)


def _copy_what_changes(self: DynamoType, memo: dict[int, Any]) -> DynamoType:
    return _copy_value(self, memo) if self.type in _CONTAINERS else self


def _kinds_of_nodes(self: Any) -> Any:
    kinds = _kinds.get(type(self))
    if kinds is None:
        kinds = _kinds[type(self)] = _list_kinds(self)
    return kinds


def _draw(self: MotoRandom, length: int = 20, include_digits: bool = True, lower_case: bool = False) -> str:  # noqa: FBT001, FBT002 — moto's
    drawn = "".join(self.choices(string.ascii_letters + string.digits * include_digits, k=length))
    return drawn.lower() if lower_case else drawn


def install() -> None:
    """For the rest of the process."""
    Table.__deepcopy__ = _copy_table  # type: ignore[attr-defined]  # there is none
    DynamoDBBackend.update_item = _update_a_copy  # type: ignore[method-assign]
    DynamoType.__deepcopy__ = _copy_what_changes  # type: ignore[method-assign]
    models.RESPONSES_METHODS.clear()  # of `requests`: botocore has a way of its own
    responses.method_names_from_class = cache(method_names_from_class)  # type: ignore[attr-defined]  # imported there
    spelt = cache(camelcase_to_underscores)
    responses.camelcase_to_underscores = sqs.camelcase_to_underscores = spelt  # type: ignore[attr-defined]  # the same
    _TRAVERSER.nodes_to_be_processed = _kinds_of_nodes
    MotoRandom.get_random_string = _draw  # type: ignore[method-assign]
