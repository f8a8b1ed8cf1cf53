"""A private PostgreSQL and Valkey, on sockets in a private folder.

The same programs serve the demo, the tests and the drills. PostgreSQL refuses to run as root; for root it
runs as a mapped user of a new user namespace and, where namespaces are forbidden, as ``nobody`` with its data
in another folder.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from functools import cache
from pathlib import Path

from tools import binaries, paths, processes

START_SECONDS = 30
NOBODY = 65534
SETPRIV = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--pdeathsig=TERM")


class ServerError(SystemExit):
    """A server did not start; the message says which, and where its log is."""


def _unshare() -> tuple[str, ...]:
    """Return the command for a new user namespace as a user who has a name, because initdb needs one."""
    named = [person.pw_uid for person in pwd.getpwall() if person.pw_uid]
    user = 1000 if 1000 in named else min(named, default=NOBODY)
    return ("unshare", "-U", f"--map-user={user}", f"--map-group={user}")


def _has_name() -> bool:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


@cache
def named_user_prefix() -> tuple[str, ...]:
    """Return a command prefix that runs a program as a named user, not as root; empty when not needed."""
    if os.geteuid() != 0 and _has_name():
        return ()
    for command in (_unshare(), SETPRIV):
        if shutil.which(command[0]):
            tried = subprocess.run([*command, "true"], capture_output=True, check=False)
            if tried.returncode == 0:
                return command
    raise ServerError("PostgreSQL needs an ordinary user with a name: use one, or set DATABASE_URL.")


class Server:
    """A server program that can be started, waited for and stopped."""

    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, home: Path) -> None:
        self.home = paths.private_folder(home)
        self.log = home / "logs" / f"{self.name.lower()}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.process: subprocess.Popen[bytes] | None = None

    def answers(self) -> bool:
        """Return whether the server accepts connections."""
        raise NotImplementedError

    def run(self, command: list[str | Path]) -> None:
        """Start the program in the background."""
        with self.log.open("wb") as log:
            self.process = processes.start(
                command,
                environment=os.environ,
                home=self.home,
                log=log,
                cwd=self.home,
                orphaned=self.stop_signal,
            )

    def wait(self) -> None:
        """Return when the server answers. Raises ServerError when it ends, or after START_SECONDS."""
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process is None or self.process.poll() is not None:
                raise ServerError(f"{self.name} did not start ({self.log_tail()}); its log is {self.log}.")
            if time.monotonic() > deadline:
                raise ServerError(f"{self.name} did not answer in {START_SECONDS} s; its log is {self.log}.")
            time.sleep(0.02)

    def log_tail(self) -> str:
        """Return the last line of the log."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def stop(self) -> None:
        """Stop the program and every process it started."""
        if self.process is not None:
            processes.end_group(self.process, first=self.stop_signal, patience=20)
            self.process = None


class Postgres(Server):
    """One PostgreSQL cluster, with the database ``app`` of the user ``app``."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # PostgreSQL's “fast” shutdown: open sessions are ended, data is written

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        super().__init__(home)
        self.durable = durable
        self.prefix = named_user_prefix()
        self.programs = binaries.postgres_folder()
        if self.prefix == SETPRIV:
            self.programs, base = _reachable_by_nobody(self.programs, home)
            self.folder, self.sockets = base / "postgres", base / "run"
        else:
            self.folder, self.sockets = home / "postgres", paths.socket_folder(home)

    @property
    def url(self) -> str:
        """The DATABASE_URL of the database ``app``."""
        return f"postgres://app@/app?host={self.sockets}"

    def launch(self) -> None:
        """Start the cluster, which is made on the first start; end a server left by an earlier start."""
        self.end_stray()
        if not (self.folder / "PG_VERSION").exists():
            self.initialise()
        self.run([*self.prefix, self.programs / "postgres", "-D", self.folder, *self.options()])

    def answers(self) -> bool:
        """Return whether PostgreSQL accepts sessions."""
        command: list[str | Path] = [*self.prefix, self.programs / "pg_isready"]
        command += ["--quiet", "--host", self.sockets]
        return subprocess.run(command, check=False, capture_output=True, cwd="/").returncode == 0

    def options(self) -> list[str]:
        """Return the command-line options: sockets only and, unless ``durable``, no waiting for the disk."""
        chosen = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]

    def initialise(self) -> None:
        """Make the cluster under a temporary name and rename it, so that an abort leaves no broken one."""
        unfinished = self.folder.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for locale in (["--locale-provider=builtin", "--builtin-locale=C.UTF-8"], []):
            command: list[str | Path] = [*self.prefix, self.programs / "initdb", "-D", unfinished]
            command += ["-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions", *locale]
            made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
            if made.returncode == 0:
                self.create_database(unfinished)
                unfinished.rename(self.folder)
                return
        raise ServerError(f"PostgreSQL could not make its data folder: {made.stderr.strip()}")

    def create_database(self, folder: Path) -> None:
        """Make the database ``app`` in a cluster that is not running."""
        command: list[str | Path] = [*self.prefix, self.programs / "postgres"]
        command += ["--single", "-D", folder, "postgres"]
        words = b"CREATE DATABASE app\n"
        subprocess.run(command, input=words, check=True, capture_output=True, cwd="/")

    def end_stray(self) -> None:
        """End the server that an earlier start left running in this folder, if there is one."""
        try:
            number = int((self.folder / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{number}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return
        if os.fsencode(self.folder) not in command:
            return
        for how in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, how)
            if _wait_until_ended(number, patience=10):
                return


def _wait_until_ended(number: int, *, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while Path(f"/proc/{number}").exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _reachable_by_nobody(programs: Path, home: Path) -> tuple[Path, Path]:
    """Return the programs' folder and a base folder that ``nobody`` can use for data and socket.

    Where ``nobody`` cannot reach the programs, their package is copied into the base folder.
    """
    base = Path("/var/tmp") / f"crossing-nobody-{paths.digest(home)}"  # noqa: S108  # its owner is checked below
    for folder in (base, base / "run"):
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {0, NOBODY}:
            raise ServerError(f"{folder} belongs to somebody else: remove it, or set DATABASE_URL.")
        os.chown(folder, NOBODY, NOBODY)
    asked = [*SETPRIV, "test", "-x", str(programs / "postgres")]
    if subprocess.run(asked, check=False, capture_output=True).returncode == 0:
        return programs, base
    package = programs.parent.parent  # its libraries lie beside it
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir() and not (base / "copy" / folder.name).exists():
            shutil.copytree(folder, base / "copy" / folder.name, symlinks=True)
    return base / "copy" / programs.relative_to(package.parent), base


class Valkey(Server):
    """A broker that stores nothing on disk, because all owed work is stored in the database."""

    name = "Valkey"

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.socket = paths.socket_folder(home) / "broker.sock"

    @property
    def url(self) -> str:
        """The REDIS_URL of its database 0."""
        return f"unix://{self.socket}?db=0"

    def launch(self) -> None:
        """Start the broker."""
        options: dict[str, str | Path] = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "databases": "64",
        }
        options |= {"save": "", "appendonly": "no", "dir": self.home, "maxmemory": "256mb"}
        self.socket.unlink(missing_ok=True)
        parts: list[str | Path] = []
        for name, value in options.items():
            parts += [f"--{name}", value]
        self.run([binaries.valkey_program(), *parts])

    def answers(self) -> bool:
        """Say whether it answers a ping."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
            except OSError:
                return False


class Servers:
    """The PostgreSQL and Valkey for which the environment gives no address, started and stopped together."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(home, durable=durable)
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(home)

    @property
    def environment(self) -> dict[str, str]:
        """Return DATABASE_URL and REDIS_URL, as given or of these servers."""
        return {
            "DATABASE_URL": self.postgres.url if self.postgres else os.environ["DATABASE_URL"],
            "REDIS_URL": self.valkey.url if self.valkey else os.environ["REDIS_URL"],
        }

    def start(self) -> None:
        """End what an earlier start left behind, then start both at once; when one fails, stop both."""
        processes.end_strays(self.home)
        embedded = [server for server in (self.valkey, self.postgres) if server is not None]
        try:
            for server in embedded:
                server.launch()
            for server in embedded:
                server.wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both."""
        for server in (self.postgres, self.valkey):
            if server is not None:
                server.stop()
