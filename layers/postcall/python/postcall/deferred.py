"""Modules that a library imports and no function ever uses: they are run when something of them is asked for.

A stand-in has the module's name and place, so nothing that needs the module misses it: the first name that it cannot
give runs the module's own code in it. A package that is not there, or has moved, gets none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

_loading = RLock()


class _Deferred(ModuleType):
    """Its code is run by the first name that is asked for and neither given nor a module below it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 — whatever the module holds
        spec: ModuleSpec = self.__dict__["__spec__"]
        if not name.startswith("__"):
            if _is_below(spec, name):
                return import_module(f"{spec.name}.{name}")
            self._run(spec)
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"module {spec.name!r} has no attribute {name!r}") from None

    def later(self, name: str) -> Callable[..., Any]:
        """A function of its own that runs the module when it is called."""

        def call(*arguments: object, **named: object) -> Any:  # noqa: ANN401 — whatever the function returns
            self._run(self.__dict__["__spec__"])
            return self.__dict__[name](*arguments, **named)

        return call

    def _run(self, spec: ModuleSpec) -> None:
        with _loading:
            if spec.loader is not None and "_is_run" not in self.__dict__:
                self.__dict__["_is_run"] = True
                spec.loader.exec_module(self)


def defer(name: str, *functions: str, **given: object) -> None:
    """Let a module wait that others import.

    `functions` are those of its own that others take from it, and may call one day; `given` are names that they take
    and never use.
    """
    spec = None if name in sys.modules else _found(name)
    if spec is None or spec.loader is None:
        return
    module = _Deferred(name)
    later = {function: module.later(function) for function in functions}
    module.__dict__.update(vars(module_from_spec(spec)) | later | given)
    sys.modules[name] = module


def _found(name: str) -> ModuleSpec | None:
    """Where a module lies; none of the packages above it is imported."""
    path, found = None, None
    for end in [*(at for at, letter in enumerate(name) if letter == "."), len(name)]:
        found = PathFinder.find_spec(name[:end], path)
        if found is None:
            return None
        path = found.submodule_search_locations
    return found


def _is_below(spec: ModuleSpec, name: str) -> bool:
    places = spec.submodule_search_locations
    return places is not None and PathFinder.find_spec(f"{spec.name}.{name}", places) is not None
