"""The folders in which the project keeps generated files (git ignores all of them), and file locks."""

import fcntl
import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
LONGEST_FOLDER = 80  # a socket's path must stay under 107 bytes, its name included
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def private_folder(folder: Path) -> Path:
    """Make ``folder`` if it is missing, with access for its owner only; return it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def digest(path: Path) -> str:
    """Return a short name for a path, the same each time."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def socket_folder(home: Path) -> Path:
    """Return a folder for sockets: in ``home``, or a temporary one where that path is too long."""
    inside = home / "run"
    if len(os.fsencode(inside)) <= LONGEST_FOLDER and PLAIN.fullmatch(str(inside)):
        return private_folder(inside)
    outside = Path(tempfile.gettempdir()) / f"crossing-{os.getuid()}-{digest(home)}"
    outside.mkdir(mode=0o700, exist_ok=True)
    if outside.is_symlink() or outside.stat().st_uid != os.getuid():
        raise SystemExit(
            f"{outside} belongs to somebody else: remove it, or set TMPDIR to a folder of yours."
        )
    return private_folder(outside)


def take_lock(path: Path, *, shared: bool = False, wait: bool = False) -> IO[str] | None:
    """Lock the file until it is closed or the process ends; return None when another process holds the lock.

    ``shared``: many may hold it at once. ``wait``: block until the lock is free.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a")
    how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        file.close()
        return None
    return file
