"""What every command works with."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from tools.postcall.api import Api
from tools.postcall.dispatch_commands import Dispatch
from tools.postcall.screen import Screen
from tools.postcall.target import Target


@dataclass
class Context:
    """An environment, a screen, and a clock that a test may replace."""

    target: Target
    screen: Screen
    sleep: Callable[[float], None] = field(default=time.sleep)
    monotonic: Callable[[], float] = field(default=time.monotonic)

    @cached_property
    def dispatch(self) -> Dispatch:
        """The environment's dispatch function."""
        return Dispatch(self.target)

    @cached_property
    def api(self) -> Api:
        """The environment's API."""
        return Api(self.target, sleep=self.sleep)
