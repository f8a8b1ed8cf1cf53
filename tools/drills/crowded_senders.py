"""P6: two schedulers, two workers and six sweepers send each mail once.

A trigger makes the database slow at every change of a mail or a waiting item, so that a process which reads a
row without a lock has time to read it twice.
"""

from __future__ import annotations

import time

from tools.drills.drill import Drill, Scale
from tools.drills.ledger import reconcile_mail, wait_until_sent
from tools.drills.report import Result
from tools.drills.stage import Stage

SWEEPERS = ("sweep", "sweep2", "sweep3", "sweep4", "sweep5", "sweep6")
SCHEDULERS = ("beat", "beat2", "worker", "worker2")
PAUSE = """
CREATE FUNCTION take_your_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(CASE TG_TABLE_NAME WHEN 'accounts_message' THEN 0.005 ELSE 0.05 END);
    RETURN NEW;
END $$;
CREATE TRIGGER zz_slow BEFORE UPDATE ON accounts_message FOR EACH ROW EXECUTE FUNCTION take_your_time();
CREATE TRIGGER zz_slow BEFORE UPDATE ON accounts_waitingitem FOR EACH ROW EXECUTE FUNCTION take_your_time();
"""
NO_UNIQUE_KEY = """
ALTER TABLE accounts_message DROP CONSTRAINT accounts_message_key_key;
"""
YESTERDAY = """
UPDATE accounts_waitingitem SET next_on = current_date - 1,
    plan = jsonb_set(plan, '{0,0}', to_jsonb((current_date - 1)::text))
WHERE closed_at IS NULL AND next_step = 'remind'
"""
AN_HOUR_ON = """
UPDATE accounts_message SET dated = dated - interval '1 hour', sent_at = sent_at - interval '1 hour',
    not_before = not_before - interval '1 hour'
"""
FIRST_MAIL = "UPDATE accounts_message SET status = 'dropped' WHERE template <> 'drill'"  # as if sent long ago


def crowded_senders(scale: Scale, guarded: bool) -> Result:
    """Let mails and reminders become due at once, for many senders at the same time."""
    rows, reminders = scale.of((600, 20), (60, 5))
    sweepers, others = SWEEPERS[: scale.of(6, 2)], SCHEDULERS[: scale.of(4, 0)]
    result = Result(done=f"{rows} mails and {reminders} reminders due at once, {len(sweepers)} sweepers")
    result.done += f", {len(others) // 2} schedulers and as many workers; then an hour later again"
    with Stage(patches=() if guarded else ("no_locks",)) as stage:
        stage.load(shadows=reminders, requests=reminders, mails=rows)
        for statement in (FIRST_MAIL, YESTERDAY, PAUSE, *([] if guarded else [NO_UNIQUE_KEY])):
            stage.sql(statement)
        stage.start(*sweepers, *others)
        _until_all_is_sent(stage, patience=scale.of(180, 120))
        if not scale.short:
            stage.sql(AN_HOUR_ON)
            stage.manage("send_due")
        found = reconcile_mail(stage)
        found.add_to(result)
        result.requests, owed = reminders, found.owed - rows
        result.numbers["mails and reminders owed"] = f"{rows} and {owed}"
        result.expect(owed == reminders, f"{owed} reminders were owed instead of {reminders}.")
    return result


def _until_all_is_sent(stage: Stage, *, patience: float) -> None:
    reminded = "SELECT count(*) FROM accounts_waitingitem WHERE closed_at IS NULL AND reminders_sent = 0"
    until = time.monotonic() + patience
    while stage.sql(reminded)[0][0] and time.monotonic() < until:
        time.sleep(0.1)
    wait_until_sent(stage, patience)


CROWDED = Drill(
    "P6",
    "two schedulers and six sweepers send each mail once",
    crowded_senders,
    "row locks and the unique key",
    small_control=True,
)
