"""Fill in why people were asked to decide, for decisions the last release stored as a sentence only.

In batches, each in a transaction of its own. Run again, it changes nothing.
"""

from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 1000
MANAGED = """
    UPDATE shadowing_decision AS d SET
        asked_about_id = CASE WHEN d.role = 'line_manager' THEN r.shadow_id ELSE o.host_id END,
        asked_branch = CASE WHEN d.asked_as = 'head'
            THEN left(coalesce(substring(d.why_asked FROM '; you head (.*)\\.$'), ''), 160) ELSE '' END
    FROM shadowing_request AS r JOIN shadowing_offer AS o ON o.id = r.offer_id
    WHERE r.id = d.request_id AND d.id = ANY(%(ids)s)
        AND d.asked_as IN ('line_manager', 'head', 'coordinator', 'co_host')
"""
# The person asked before, and the coordinator who, by the history, asked somebody else at that moment.
NAMED = """
    UPDATE shadowing_decision AS d SET
        asked_about_id = (
            SELECT e.asked_id FROM shadowing_decision AS e
            WHERE e.request_id = d.request_id AND e.role = d.role AND e.asked_at < d.asked_at
            ORDER BY e.asked_at DESC LIMIT 1
        ),
        named_by_id = (
            SELECT h.actor_id FROM accounts_historyentry AS h
            WHERE h.subject_type = 'shadowing.request' AND h.subject_id = d.request_id
                AND h.action = 'ask_other' AND abs(extract(epoch FROM h.at - d.asked_at)) < 60
            ORDER BY abs(extract(epoch FROM h.at - d.asked_at)) LIMIT 1
        )
    WHERE d.id = ANY(%(ids)s) AND d.asked_as = 'named'
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fill in the reason of each decision that lacks it."""
    connection = schema_editor.connection
    decisions = apps.get_model("shadowing", "Decision").objects.using(connection.alias)
    lacking = decisions.filter(asked_about=None).exclude(why_asked="").order_by("pk").values_list("pk", flat=True)
    last = None
    while ids := list((lacking.filter(pk__gt=last) if last else lacking)[:AT_ONCE]):
        last = ids[-1]
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for statement in (MANAGED, NAMED):
                cursor.execute(statement, {"ids": ids})


class Migration(migrations.Migration):
    """Not atomic, so that no lock outlives its batch."""

    atomic = False
    dependencies = [("accounts", "0016_failed_items"), ("shadowing", "0029_reason_of_decisions")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
