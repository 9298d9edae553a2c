"""What holds for all tests: no example of a property fails for the time it took, which is the machine's business."""

from __future__ import annotations

from hypothesis import settings

# In CI the default is Hypothesis' own for it: the same examples every time.
settings.register_profile("postcall", settings.default, deadline=None)
settings.load_profile("postcall")
