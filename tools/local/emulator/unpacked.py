"""Unpack a function's or a layer's zip once per content and hand out the directory, as AWS mounts it read-only."""

from __future__ import annotations

import hashlib
import io
import os
import shlex
import sys
import threading
import zipfile
from pathlib import Path

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_lock = threading.Lock()


def unpacked(content: bytes) -> Path:
    """The directory that holds the zip's files; compiled bytecode stays beside them for the next environment."""
    directory = Path(os.environ["POSTCALL_EMULATOR_DIRECTORY"]) / "unpacked" / hashlib.sha256(content).hexdigest()[:32]
    with _lock:
        if not directory.is_dir():
            unfinished = directory.with_suffix(".unfinished")
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                archive.extractall(unfinished)
            _write_bootstrap(unfinished / "bootstrap")
            unfinished.rename(directory)
    return directory


def _write_bootstrap(path: Path) -> None:
    """The executable that ministack starts: this very interpreter, with only PYTHONPATH to import from (-P)."""
    path.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -u {shlex.quote(str(_BOOTSTRAP))} "$@"\n')
    path.chmod(0o755)
