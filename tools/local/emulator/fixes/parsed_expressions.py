"""Restores a query whose price is what it reads: an expression is parsed once, not again for each item.

ministack takes an expression apart and checks its grammar anew for every item of the partition. With 10 000 calls
waiting, a query of the index `pending` would hold up all other requests for two seconds.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import functools
from typing import Any

from ministack.services import dynamodb

EXPRESSIONS_KEPT = 512  # values travel beside them, so that each place in the code has one


def install() -> None:
    """Remember the tokens and the verdict of each expression; a refused one is looked at again."""
    dynamodb._condition_syntax_error = functools.lru_cache(EXPRESSIONS_KEPT)(dynamodb._condition_syntax_error)
    parsed = functools.lru_cache(EXPRESSIONS_KEPT)(dynamodb._tokenize)

    def tokens(expression: str) -> list[Any]:
        return list(parsed(expression))  # whoever asks may change the list

    dynamodb._tokenize = tokens
