"""The outbox becomes an app of its own: ``messaging``. The table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_failed_items")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Message")]),
    ]
