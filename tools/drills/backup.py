"""P19: a backup taken under load restores within ten minutes, sends nothing again and loses no owed mail.

The database is dumped while people ask for places and mail goes out. Then everything is killed, the dump is
restored into another database, and the mail it owes is sent. The backup cannot know of mail sent after the
dump: that mail goes out again under the same Message-ID and is counted separately. The control restores a
backup in which sent mails are queued again.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tools import binaries
from tools.drills.drill import Drill, Scale
from tools.drills.ledger import taken
from tools.drills.organisation import Organisation
from tools.drills.report import Result
from tools.drills.stage import Stage
from tools.drills.tables import Database
from tools.drills.visitor import Client, SubmittedRequest

RESTORED = "restored"
TEN_MINUTES = 600
BROWSERS = 4
# As if the fifteen minutes had passed after which the lease of a dead sender ends.
LEASES_OVER = (
    "UPDATE accounts_message SET leased_until = now() - interval '1 second' WHERE status = 'sending'"
)
FORGOTTEN = "UPDATE accounts_message SET status = 'queued', sent_at = NULL WHERE status = 'sent'"
KNOWN = "SELECT message_id FROM accounts_message WHERE status = 'sent'"
OWED = "SELECT message_id FROM accounts_message WHERE status IN ('queued', 'sending') AND not_before <= now()"


@dataclass
class Crowd:
    """People who ask for places, one after the other in BROWSERS threads."""

    port: int
    organisation: Organisation
    asked: list[SubmittedRequest] = field(default_factory=list)

    def start(self) -> list[threading.Thread]:
        """Start the threads and return them."""
        threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(BROWSERS)]
        for thread in threads:
            thread.start()
        return threads

    def _ask(self, number: int) -> None:
        client = Client(self.port)
        for shadow in self.organisation.shadows[number::BROWSERS]:
            self.asked.append(client.ask(shadow, self.organisation))
        client.close()


def act(scale: Scale, guarded: bool) -> Result:
    """Full scale: 300 people ask, and the dump begins after a third of them."""
    people = scale.of(300, 30)
    result = Result(done=f"{people} requests under load, dumped after a third, killed, restored")
    with Stage() as stage:
        crowd = Crowd(stage.web_port, stage.load(shadows=people))
        stage.order(mode="slow", seconds=0.2)  # so that some mail is still owed when the dump begins
        stage.start("web", "worker", "sweep")
        threads = crowd.start()
        _wait_until(lambda: len(crowd.asked) >= people // 3)
        before = [asked.form_id for asked in crowd.asked if asked.acknowledged]
        dump, seconds = stage.home / "backup.dump", time.monotonic()
        _run_program(stage, "pg_dump", "--format=custom", f"--file={dump}", "app")
        result.numbers["time of the dump"] = (
            f"{time.monotonic() - seconds:.1f} s, while {people} people asked"
        )
        for thread in threads:
            thread.join()
        for name in ("web", "worker", "sweep"):
            stage[name].kill()
        stage.order(mode="good")
        result.requests, result.kills = len(crowd.asked), stage.kills()
        _restore(stage, dump, result, before)
        _send(stage, result, forgetful=not guarded)
    return result


def _restore(stage: Stage, dump: Path, result: Result, before: list[str]) -> None:
    stage.sql(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")
    stage.sql(f"CREATE DATABASE {RESTORED}")
    began = time.monotonic()
    _run_program(stage, "pg_restore", "--exit-on-error", f"--dbname={RESTORED}", str(dump))
    seconds = time.monotonic() - began
    database = Database(str(stage.postgres.sockets), RESTORED)
    there = {str(form_id) for (form_id,) in database.ask("SELECT form_id FROM shadowing_request")}
    database.close()
    missing = [form_id for form_id in before if form_id not in there]
    result.numbers["restored in"] = (
        f"{seconds:.1f} s, {len(there)} requests, {len(before)} of them from before the dump"
    )
    result.expect(not missing, f"{len(missing)} requests acknowledged before the dump are missing.")
    result.expect(seconds < TEN_MINUTES, f"Restoring took {seconds:.0f} s.")


def _send(stage: Stage, result: Result, *, forgetful: bool) -> None:
    """Send what the restored database owes, and compare it with the mails sent before."""
    database = Database(str(stage.postgres.sockets), RESTORED)
    known, owed = _ids(database, KNOWN), _ids(database, OWED)
    database.ask(LEASES_OVER)
    if forgetful:
        database.ask(FORGOTTEN)
    earlier = {mail.id for mail in taken(stage)}
    already = len(taken(stage))
    stage.extra_environment["DATABASE_URL"] = stage.postgres.url.replace("/app?", f"/{RESTORED}?")
    stage.manage("send_due")
    now = [mail.id for mail in taken(stage)[already:]]
    left = _ids(database, OWED)
    database.close()
    again, resent = set(now) & known, set(now) & earlier - known
    result.owed, result.once = len(owed), len(owed - left)
    result.lost, result.doubled = len(left), len(again) + len(now) - len(set(now))
    result.numbers["recorded as sent in the backup"] = f"{len(known)}, of which {len(again)} were sent again"
    result.numbers["sent after the dump"] = f"{len(resent)} went out again, under the same Message-ID"
    result.expect(bool(known) and bool(owed), "The dump holds no sent mail, or no owed mail.")
    result.expect(not again, f"{len(again)} mails recorded as sent in the backup were sent again.")
    result.expect(len(now) == len(set(now)), "A mail was sent twice by the restored site.")
    result.expect(not left, f"{len(left)} owed mails were not sent.")


def _ids(database: Database, query: str) -> set[str]:
    return {message_id for (message_id,) in database.ask(query)}


def _run_program(stage: Stage, name: str, *arguments: str) -> None:
    command = [str(binaries.postgres_folder() / name), "--username=app", f"--host={stage.postgres.sockets}"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr[-2000:]}")


def _wait_until(holds: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit("The crowd of the drill is too slow.")
        time.sleep(0.05)


BACKUP = Drill(
    name="P19",
    promise="a backup restores within ten minutes and sends nothing again",
    act=act,
    switched_off="the record of which mails were sent",
    in_short=False,
)
