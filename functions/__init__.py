"""The steps of the way of a call, one folder and one Lambda each.

A cold start makes some hundred thousand objects, nearly all of which stay; at its usual threshold the garbage collector
would look through them again and again, a tenth of the whole start and more. An invocation leaves few cycles behind,
none of which holds a body, so that waiting longer for them costs next to no memory.
"""

import gc

gc.set_threshold(200_000)
