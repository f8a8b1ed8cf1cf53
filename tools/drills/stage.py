"""A stage: the product's processes on private servers, for one drill; leaving it ends all of them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any, Self

import psycopg

from tools import embedded, processes
from tools.drills.commands import Commands
from tools.drills.organisation import Organisation
from tools.drills.parts import Part, Program, ServerPart, free_port
from tools.paths import LOCAL, ROOT, private_folder, take_lock

STAGES_AT_ONCE = 12
SETTINGS = "tools.drills.settings"
# Variables that the drill sets itself, whatever the caller's environment says.
SET_BY_DRILL = re.findall(
    r"\w+",
    """DEBUG SECRET_KEY ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS SITE_URL SITE_NAME DATABASE_URL REDIS_URL EMAIL_URL
    DEFAULT_FROM_EMAIL TIME_ZONE DEMO OIDC_ISSUER SAML_METADATA SAML_METADATA_URL ALLOWED_EMAIL_DOMAINS
    SENTRY_DSN LOG_LEVEL TRUSTED_PROXIES RETENTION DJANGO_SETTINGS_MODULE MAILBOX_DIR PYTEST_XDIST_WORKER""",
)


class Interrupted(BaseException):
    """A signal asked the drill to end; a BaseException, so that no drill treats it as one of its faults."""


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted(signal.Signals(number).name)


def end_on_signals() -> None:
    """Let SIGTERM and SIGHUP end a drill as Ctrl-C does: everything it started is ended."""
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)


class Postgres(embedded.Postgres):
    """A cluster with additional options of the drill."""

    extra: Mapping[str, str] = {}

    def options(self) -> list[str]:
        """Return the usual options and those of the drill."""
        return [*super().options(), *(p for n, v in self.extra.items() for p in ("-c", f"{n}={v}"))]


class Stage:
    """``with Stage() as stage:`` starts servers with a migrated, empty database; parts are started by name.

    Names: ``database``, ``broker``, ``sink``, ``web``, ``worker…``, ``beat…``, ``sweep…`` (a number makes
    another of the kind: ``sweep2``). ``patches``: names from ``tools.drills.patching.named``, loaded by every
    process of the product. ``durable``: the database waits for the disk. Start and kill parts in the thread
    that made the stage, because a child gets a signal when the thread that started it ends.
    """

    def __init__(
        self,
        *,
        durable: bool = False,
        patches: Sequence[str] = (),
        database_options: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.durable, self.patches = durable, tuple(patches)
        self.database_options = dict(database_options or {})
        self.extra_environment = dict(environment or {})
        self.parts: dict[str, Part] = {}
        self._lock: IO[str] | None = None

    # --- beginning and end ---

    def __enter__(self) -> Self:
        """Take a free folder, start database and broker, make the empty database and start the mail sink."""
        self.home, self._lock = _take_home()
        processes.end_strays(self.home)
        self.logs, self.tickets = private_folder(self.home / "logs"), private_folder(self.home / "tickets")
        for old in [*self.logs.glob("*"), *self.home.glob("*.json*"), *self.home.glob("tickets/*")]:
            old.unlink()
        self.commands = Commands(self.home, web_port=free_port(), mail_port=free_port())
        self.postgres = Postgres(self.home, durable=self.durable)
        self.postgres.extra = self.database_options
        self.valkey = embedded.Valkey(self.home)
        self.parts = {"database": ServerPart(self.postgres), "broker": ServerPart(self.valkey)}
        try:
            for part in self.parts.values():
                part.start()
            self._fresh_database()
            self.start("sink")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything that was started."""
        self.close()

    def close(self) -> None:
        """End everything that was started: the product's processes first, then the servers."""
        programs = [part for part in self.parts.values() if isinstance(part, Program)]
        for part in programs:
            part.kill()
        for server in ("broker", "database"):
            if server in self.parts:
                self.parts[server].stop()
        self.parts = {}
        if self._lock is not None:
            self._lock.close()

    # --- parts ---

    def __getitem__(self, name: str) -> Part:
        """Return the part of that name; it is made when it is first used."""
        if name not in self.parts:
            self.parts[name] = self._part(name)
        return self.parts[name]

    def start(self, *names: str) -> None:
        """Start these parts at the same time; return when all of them work."""
        begun: list[tuple[Program, int]] = []
        for name in names:
            part = self[name]
            if isinstance(part, Program):
                begun.append((part, part.launch()))
            else:
                part.start()
        for program, log_position in begun:
            program.wait(log_position)

    def program(self, name: str) -> Program:
        """Return a part that is a program of the project. Raises TypeError for database and broker."""
        part = self[name]
        if not isinstance(part, Program):
            raise TypeError(f"{name} is a server")
        return part

    @property
    def web_port(self) -> int:
        """The port of the site."""
        return self.commands.web_port

    def kills(self) -> int:
        """Return how often parts were killed or crashed on purpose."""
        return sum(part.kills for part in self.parts.values())

    def _part(self, name: str) -> Program:
        command, ready = self.commands.of(name)
        log = self.logs / f"{name}.log"
        return Program(command, environment=self.environment, log=log, home=self.home, ready=ready)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of the product."""
        kept = {name: value for name, value in os.environ.items() if name not in SET_BY_DRILL}
        return {
            **kept,
            "DEMO": "1",
            "SECRET_KEY": "only-for-drills-on-this-machine-0123456789",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.commands.mail_port}",
            "SITE_URL": f"http://127.0.0.1:{self.web_port}",
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DRILL_PATCHES": " ".join(self.patches),
            "DRILL_HOME": str(self.home),
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
            **self.extra_environment,
        }

    # --- what drills do with it ---

    def order(self, **orders: Any) -> None:
        """Give orders to the mail sink, such as ``mode="slow", seconds=12`` (see ``tools.drills.sink``)."""
        unfinished = self.commands.orders.with_suffix(".part")
        unfinished.write_text(json.dumps(orders))
        unfinished.replace(self.commands.orders)

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement over a connection of its own; return its rows, if it has any."""
        address = {"host": str(self.postgres.sockets), "dbname": "app", "user": "app", "connect_timeout": 3}
        with psycopg.connect(**address, autocommit=True) as connection:  # type: ignore[arg-type]  # mixed values
            cursor = connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def python(self, module: str, *arguments: str, patches: Sequence[str] | None = None) -> str:
        """Run a module with the product loaded; return what it printed.

        Raises SystemExit with the end of its output when it fails.
        """
        command = [sys.executable, "-m", "tools.drills.inside", module, *arguments]
        return self._run(command, DRILL_PATCHES=" ".join(self.patches if patches is None else patches))

    def manage(self, *arguments: str) -> str:
        """Run a management command; return what it printed."""
        return self._run([sys.executable, "manage.py", *arguments])

    def _run(self, command: list[str], **variables: str) -> str:
        environment = {**self.environment, processes.HOME_MARK: str(self.home), **variables}
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command[1:])} failed:\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
        return done.stdout

    def load(
        self, *, shadows: int, hosts: int = 1, own_managers: bool = True, requests: int = 0, mails: int = 0
    ) -> Organisation:
        """Load an organisation of so many shadows, signed in, and offers with places for all of them.

        ``requests`` of them have asked for a place already; ``mails`` are owed besides.
        """
        arguments = ["--shadows", str(shadows), "--hosts", str(hosts)]
        arguments += ["--requests", str(requests), "--mails", str(mails)]
        arguments += [] if own_managers else ["--one-manager"]
        self.python("tools.drills.loading", *arguments, str(self.home / "loaded.json"), patches=())
        return Organisation.read(self.home / "loaded.json")

    def _fresh_database(self) -> None:
        """Make the database ``app`` as a copy of one that was migrated once for these migrations."""
        ready = f"ready_{_migrations()}"
        known = {name for (name,) in self._server_sql("SELECT datname FROM pg_database")}
        if ready not in known:
            for old in known:
                if old.startswith(("ready_", "unready")):
                    self._server_sql(f"DROP DATABASE {old}")
            self._server_sql("CREATE DATABASE unready")
            unready = self.postgres.url.replace("/app?", "/unready?")
            self._run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], DATABASE_URL=unready)
            self._server_sql(f"ALTER DATABASE unready RENAME TO {ready}")
        self._server_sql("DROP DATABASE IF EXISTS app WITH (FORCE)")
        self._server_sql(f"CREATE DATABASE app TEMPLATE {ready}")

    def _server_sql(self, query: str) -> list[tuple[Any, ...]]:
        sockets = str(self.postgres.sockets)
        with psycopg.connect(host=sockets, dbname="postgres", user="app", autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []


def _migrations() -> str:
    """Return a fingerprint of all migrations."""
    found = hashlib.sha256()
    for path in sorted(ROOT.glob("[a-z]*/migrations/*.py")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _take_home() -> tuple[Path, IO[str]]:
    for number in range(STAGES_AT_ONCE):
        home = LOCAL / "drill" / str(number)
        lock = take_lock(home / "lock")
        if lock is not None:
            return home, lock
    raise SystemExit("Too many drills at once in this folder.")
