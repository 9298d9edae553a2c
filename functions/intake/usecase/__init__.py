"""What intake does: take a call in, put a refused one aside, release one that was put aside."""

from functions.intake.usecase.put_aside import Aside, Gate, put_aside
from functions.intake.usecase.release import Release, Released, release
from functions.intake.usecase.take_in import Receipt, Taken, take_in

__all__ = ["Aside", "Gate", "Receipt", "Release", "Released", "Taken", "put_aside", "release", "take_in"]
