"""``make demo``: run the whole site on one machine until Ctrl-C."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from tools import change_marks, demo_environment, die_with_parent, processes
from tools.embedded import Servers
from tools.paths import LOCAL, ROOT
from tools.supervisor import Child, Supervisor

LOGS = LOCAL / "logs"
START_SECONDS = 60
PASSWORD = "demo-shadowing"  # noqa: S105  # public: demo people exist only where DEMO=1
DEMO_PEOPLE = {
    "shadow@example.ac.uk": "Library Services; looks for a place, has an open appraisal",
    "manager@example.ac.uk": "line manager of shadow@",
    "deputy@example.ac.uk": "can be named deputy of manager@",
    "host@example.ac.uk": "IT Services; hosts open offers",
    "hostmanager@example.ac.uk": "line manager of host@",
    "coordinator@example.ac.uk": "scheme coordinator",
    "deptcoordinator@example.ac.uk": "department coordinator of Library Services",
    "stranger@example.ac.uk": "Estates and Campus Services; no part in the above",
    "admin@example.ac.uk": "administrator (/admin/)",
}


class Stopped(Exception):  # noqa: N818  # not an error: somebody asked the demo to stop
    """Raised by a signal handler: Ctrl-C, or another signal to stop."""


def stop(number: int, frame: FrameType | None) -> None:
    """Raise Stopped for the first signal, and ignore later ones so that they do not interrupt it."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise Stopped


def refuse_taken_port(port: int) -> None:
    """Exit with a message when another program uses the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}): try make demo PORT={port + 1}.")


def free_port() -> int:
    """Return a TCP port on which no program listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def children(variables: dict[str, str], mail_port: int) -> list[Child]:
    """Return the demo's processes: web server, mail catcher, worker, schedule (beat) and sweeper."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "config", "--skip-checks"]
    web = [python, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{demo_environment.chosen_port()}"]
    web += [
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "4",
        "--graceful-timeout",
        "5",
        "--preload",
    ]
    web += ["--no-control-socket", "--log-level", "warning"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"]
    worker += ["--without-gossip", "--without-mingle"]
    beat = [
        *celery,
        "beat",
        "--loglevel",
        "INFO",
        "--pidfile=",
        "-s",
        str(demo_environment.HOME / "beat-schedule"),
    ]
    sink = [
        python,
        "-m",
        "tools.mailsink",
        "--port",
        str(mail_port),
        "--folder",
        str(demo_environment.MAILBOX),
    ]
    sweeper = [python, "manage.py", "sweep", "--skip-checks"]
    commands = {"web": web, "mail": sink, "worker": worker, "beat": beat, "sweeper": sweeper}
    return [
        Child(name, command, variables, LOGS / f"{name}.log", demo_environment.HOME)
        for name, command in commands.items()
    ]


def wait_for_page(address: str, supervisor: Supervisor) -> None:
    """Return when the site answers. Raises SystemExit after START_SECONDS."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        supervisor.check()
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    sys.exit(f"The site did not answer within {START_SECONDS} seconds; its log is {LOGS / 'web.log'}.")


def print_welcome(address: str) -> None:
    """Print the address of the site and the people who can sign in."""
    width = max(map(len, DEMO_PEOPLE))
    print(f"\n  The site is running:   {address}/")
    print(f"  Every mail it sends:   {address}/mailbox/\n")
    print(f"  Sign in with the password {PASSWORD} as")
    for email, who in DEMO_PEOPLE.items():
        print(f"    {email:<{width}}   {who}")
    print("\n  Ctrl-C stops everything; the data stays in .local/ for the next start.\n", flush=True)


def end_with_make() -> Callable[[], bool]:
    """Stop this process when make dies, and return a function that tells whether make alone received Ctrl-C.

    When only make receives the interrupt, it restores its default signal handler and waits for this process
    without passing the signal on. The returned function notices that make no longer catches SIGINT.
    """
    make = os.getppid()
    if "MAKELEVEL" not in os.environ or not die_with_parent.ask_for_signal(signal.SIGTERM):
        return lambda: False
    if not processes.catches(make, signal.SIGINT):
        return lambda: False
    return lambda: not processes.catches(make, signal.SIGINT)


def prepare(variables: dict[str, str]) -> None:
    """Bring database, static files and demo people up to date if something has changed."""
    if change_marks.is_prepared():
        return
    command = [sys.executable, "-m", "tools.prepare"]
    quiet = {"LOG_LEVEL": "WARNING", **variables}
    if subprocess.run(command, env=quiet, check=False, cwd=ROOT, start_new_session=True).returncode:
        sys.exit("The demo could not be prepared: see the message above.")
    change_marks.remember(change_marks.PREPARED_STAMP, change_marks.whole_preparation())


def run(servers: Servers, interrupted: Callable[[], bool]) -> None:
    """Start everything, and watch it until somebody asks to stop."""
    mail_port = free_port()
    supervisor = Supervisor(servers)
    try:
        servers.start()
        variables = demo_environment.environment(servers, mail_port=mail_port)
        prepare(variables)
        demo_environment.publish_environment(variables)
        web, *others = children(variables, mail_port)
        supervisor.start([web])
        wait_for_page(f"http://127.0.0.1:{demo_environment.chosen_port()}", supervisor)
        supervisor.start(others)
        print_welcome(variables["SITE_URL"])
        supervisor.watch(until=interrupted)
    except Stopped:
        pass
    finally:
        print("\n  Stopping …", flush=True)
        demo_environment.RUNNING.unlink(missing_ok=True)
        supervisor.stop()


def main() -> None:
    """Check that the demo can run (lock, port), then run it."""
    port = demo_environment.chosen_port()
    lock = demo_environment.wait_to_lock_servers()
    if lock is None:
        sys.exit("The demo (or a make manage) is already running in this folder: stop it first.")
    processes.end_strays(demo_environment.HOME)
    refuse_taken_port(port)
    interrupted = end_with_make()
    Path(LOGS).mkdir(parents=True, exist_ok=True)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    with lock, contextlib.suppress(Stopped):
        run(Servers(demo_environment.HOME), interrupted)


if __name__ == "__main__":
    main()
