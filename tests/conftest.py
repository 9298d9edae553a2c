"""What holds for all tests: no example of a property fails for the time it took, which is the machine's business."""

from __future__ import annotations

from hypothesis import settings

from tests.support.examples import LONG

# In CI the default is Hypothesis' own for it: the same examples every time.
for _profile in ("postcall", LONG):
    settings.register_profile(_profile, settings.default, deadline=None)
settings.load_profile("postcall")
