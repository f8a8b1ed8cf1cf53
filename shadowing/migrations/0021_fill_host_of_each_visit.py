"""Host and session of the dates agreed before each date carried its own.

In batches, each in a transaction of its own; dates written meanwhile, by this release or the one before, have
both from the trigger of 0020. Running it again changes nothing.
"""

from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 1000
# The trigger fills in what is missing.
FILL = """
    UPDATE shadowing_visit SET host_id = NULL WHERE id IN (
        SELECT id FROM shadowing_visit WHERE host_id IS NULL OR session_id IS NULL
        ORDER BY id LIMIT %s FOR NO KEY UPDATE
    )
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Touch what is incomplete, batch by batch."""
    connection = schema_editor.connection
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(FILL, [AT_ONCE])
            if not cursor.rowcount:
                return


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shadowing", "0020_host_of_each_visit")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
