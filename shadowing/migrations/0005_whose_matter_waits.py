"""What waits already says whose request it is about; who was replaced before is looked at once."""

from django.db import migrations

FILL = """
    UPDATE accounts_waitingitem SET about_id = asked.shadow_id
    FROM shadowing_request AS asked
    WHERE asked.id = subject_id AND subject_type = 'shadowing.request' AND closed_at IS NULL
"""
LOOK_ONCE = """
    INSERT INTO accounts_staffchange (person_id, at)
    SELECT DISTINCT asked_id, now() FROM shadowing_decision WHERE outcome = 'pending'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_waiting_about"),
        ("shadowing", "0004_clocks_and_wording"),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(LOOK_ONCE, migrations.RunSQL.noop),
    ]
