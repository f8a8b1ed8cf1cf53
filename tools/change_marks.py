"""What has changed since the last start, so that a second start does nothing twice."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tools.paths import LOCAL, ROOT

STATIC_STAMP = LOCAL / "ready" / "static"
PREPARED_STAMP = LOCAL / "demo" / "prepared"


def static_files() -> str:
    """A fingerprint of everything that is compressed for serving."""
    folders = [ROOT / "static", LOCAL / "assets", *sorted(ROOT.glob("[a-z]*/static"))]
    found = (path for folder in folders for path in sorted(folder.rglob("*")))
    return _fingerprint([ROOT / "requirements-dev.txt", *found])


def whole_preparation() -> str:
    """A fingerprint of what decides whether the database and the static files are up to date."""
    migrations = _fingerprint(sorted(ROOT.glob("[a-z]*/migrations/*.py")))
    return f"{migrations} {static_files()}"


def is_prepared() -> bool:
    """Say whether the last preparation still holds."""
    return PREPARED_STAMP.exists() and PREPARED_STAMP.read_text() == whole_preparation()


def remember(stamp: Path, state: str) -> None:
    """Note the state in the stamp."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)


def _fingerprint(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        if path.is_file():
            state = path.stat()
            found.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.hexdigest()
