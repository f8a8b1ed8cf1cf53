"""Fingerprints of the files that the last start used, so that a start repeats only what has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tools.paths import LOCAL, ROOT

STATIC_STAMP = LOCAL / "ready" / "static"
PREPARED_STAMP = LOCAL / "demo" / "prepared"


def static_files() -> str:
    """Return a fingerprint of every file that is compressed for serving."""
    folders = [ROOT / "static", LOCAL / "assets", *sorted(ROOT.glob("[a-z]*/static"))]
    found = (path for folder in folders for path in sorted(folder.rglob("*")))
    return _fingerprint([ROOT / "requirements-dev.txt", *found])


def whole_preparation() -> str:
    """Return a fingerprint of the migrations and static files, which decide whether to prepare the demo."""
    migrations = _fingerprint(sorted(ROOT.glob("[a-z]*/migrations/*.py")))
    return f"{migrations} {static_files()}"


def is_prepared() -> bool:
    """Return whether nothing has changed since the last preparation."""
    return PREPARED_STAMP.exists() and PREPARED_STAMP.read_text() == whole_preparation()


def remember(stamp: Path, state: str) -> None:
    """Write the fingerprint ``state`` to the file ``stamp``."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)


def _fingerprint(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        if path.is_file():
            state = path.stat()
            found.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.hexdigest()
