"""What intake does: take a call in, put a refused one aside, release one that was put aside."""

from functions.intake.usecases.ingest import IngestResult, Receipt, ingest
from functions.intake.usecases.quarantine import Gate, QuarantineResult, quarantine
from functions.intake.usecases.release import Release, Released, release

__all__ = [
    "Gate",
    "IngestResult",
    "QuarantineResult",
    "Receipt",
    "Release",
    "Released",
    "ingest",
    "quarantine",
    "release",
]
