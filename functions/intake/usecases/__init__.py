"""What intake does: take a call in, quarantine a refused one, release one from the quarantine."""

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
