"""``make manage``: run a management command against the demo's database and broker."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tools import mailsink
from tools.change_marks import PREPARED_STAMP
from tools.demo_environment import (
    BORROWERS_LOCK,
    HOME,
    MAILBOX,
    RUNNING,
    environment,
    lock_servers,
    publish_environment,
)
from tools.embedded import Servers
from tools.paths import ROOT, take_lock

WITHOUT_TABLES = {"help", "migrate", "--help", "--version"}


@contextmanager
def running_or_own_servers() -> Iterator[dict[str, str]]:
    """Yield the environment of the running demo, or of servers that run only for this command."""
    while True:
        lock = lock_servers()
        if lock is not None:
            with lock, _temporary_servers() as variables:
                yield variables
            return
        borrowed = take_lock(BORROWERS_LOCK, shared=True, wait=True)
        if RUNNING.exists():
            variables = json.loads(RUNNING.read_text())
            yield {
                **variables,
                **{name: value for name, value in os.environ.items() if name not in variables},
            }
            if borrowed:
                borrowed.close()
            return
        if borrowed:
            borrowed.close()
        time.sleep(0.1)


@contextmanager
def _temporary_servers() -> Iterator[dict[str, str]]:
    servers = Servers(HOME)
    servers.start()
    sink = mailsink.serve(MAILBOX)
    try:
        variables = environment(servers, mail_port=mailsink.port_of(sink))
        publish_environment(variables)
        yield variables
    finally:
        alone = take_lock(BORROWERS_LOCK, wait=True)  # wait until borrowers have finished
        RUNNING.unlink(missing_ok=True)
        sink.stop()
        servers.stop()
        if alone:
            alone.close()


def main() -> int:
    """Migrate unless the command needs no tables, run the command, and return its exit status."""
    arguments = sys.argv[1:] or ["help"]
    with running_or_own_servers() as variables:
        PREPARED_STAMP.unlink(missing_ok=True)  # the command may change what the demo has prepared
        if arguments[0] not in WITHOUT_TABLES:
            tables = [sys.executable, "-m", "tools.prepare", "tables"]
            prepared = subprocess.run(tables, env=variables, check=False, cwd=ROOT)
            if prepared.returncode:
                return prepared.returncode
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
