"""The demo's servers and environment, and the locks that decide which process owns or borrows them.

One process owns the servers: ``make demo`` or, while its command runs, ``make manage``. Others borrow them.
"""

import json
import os
import secrets
import sys
import time
from pathlib import Path
from typing import IO

from tools.embedded import Servers
from tools.paths import LOCAL, ROOT, private_folder, take_lock

HOME = LOCAL / "demo"
OWNER_LOCK = HOME / "lock"
BORROWERS_LOCK = HOME / "borrowed"
RUNNING = HOME / "running.json"
MAILBOX = LOCAL / "mailbox"
SETTINGS = "config.settings.chosen"
DEFAULT_PORT = 8000


def secret_key() -> str:
    """Return the demo's own secret key, which is generated on the first start."""
    path = private_folder(LOCAL) / "secret-key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def chosen_port() -> int:
    """Return the port on which the site is served (PORT, or 8000).

    Raises SystemExit when PORT is no port number.
    """
    port = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT is “{port}”, but must be a number between 1 and 65535.")
    return int(port)


def environment(servers: Servers, *, mail_port: int) -> dict[str, str]:
    """Return the environment of the demo's processes; variables of the caller replace its defaults."""
    programs = Path(sys.executable).parent
    defaults = {
        "SECRET_KEY": secret_key(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "SITE_URL": f"http://127.0.0.1:{chosen_port()}",
        "MAILBOX_DIR": str(MAILBOX),
        "HR_CONTACT": "hr@example.ac.uk",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }
    given = {name: value for name, value in os.environ.items() if value}
    fixed = {
        "DEMO": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
        "PATH": f"{programs}:{os.environ.get('PATH', '')}",
    }
    return {**defaults, **given, **fixed, **servers.environment}


def lock_servers() -> IO[str] | None:
    """Take the lock on the servers; return None when another process has it."""
    lock = take_lock(OWNER_LOCK)
    if lock is not None:
        RUNNING.unlink(missing_ok=True)
    return lock


def wait_to_lock_servers(seconds: float = 15) -> IO[str] | None:
    """Wait up to ``seconds`` for the lock, as its owner may be stopping.

    Return None where it is not freed.
    """
    deadline = time.monotonic() + seconds
    while (lock := take_lock(OWNER_LOCK)) is None:
        if RUNNING.exists() or time.monotonic() > deadline:
            return None
        time.sleep(0.1)
    RUNNING.unlink(missing_ok=True)
    return lock


def publish_environment(variables: dict[str, str]) -> None:
    """Write the environment of the running servers to RUNNING, where borrowers read it."""
    unfinished = RUNNING.with_suffix(".part")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(variables))
    unfinished.replace(RUNNING)
