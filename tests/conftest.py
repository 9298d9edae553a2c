"""What holds for all tests: no example of a property fails for the time it took, which is the machine's business.

A property that does not say how many examples it wants has a tenth of Hypothesis' own number outside the long run.
"""

from __future__ import annotations

from hypothesis import settings

from tests.support.examples import LONG, TENTH

# In CI the default is Hypothesis' own for it: the same examples every time.
_OWN = settings().max_examples
for _profile, _many in (("postcall", _OWN // TENTH), (LONG, _OWN)):
    settings.register_profile(_profile, settings.default, deadline=None, max_examples=_many)
settings.load_profile("postcall")
