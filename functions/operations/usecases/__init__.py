"""What operators order and see, a verb a file."""

from functions.operations.usecases.close import close
from functions.operations.usecases.continue_step import continue_step
from functions.operations.usecases.known_event import Conflict, UnknownEvent
from functions.operations.usecases.reanalyze import reanalyze
from functions.operations.usecases.resend import Ordered, resend
from functions.operations.usecases.resolve import resolve
from functions.operations.usecases.use_revision import UnknownRevision, use_revision
from functions.operations.usecases.withdraw import withdraw

__all__ = [
    "Conflict",
    "Ordered",
    "UnknownEvent",
    "UnknownRevision",
    "close",
    "continue_step",
    "reanalyze",
    "resend",
    "resolve",
    "use_revision",
    "withdraw",
]
