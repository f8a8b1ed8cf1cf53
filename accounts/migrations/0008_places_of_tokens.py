"""Mail that was still to be sent names itself where its token goes, as new mail does."""

from django.db import migrations

OWN_PLACE = """
    UPDATE accounts_message SET
        text = replace(text, '/decide/TOKENTOKENTOKEN/', own.place),
        html = replace(html, '/decide/TOKENTOKENTOKEN/', own.place)
    FROM (
        SELECT id, '/decide/TOKENTOKENTOKEN' || replace(id::text, '-', '') || '/' AS place
        FROM accounts_message WHERE status IN ('queued', 'sending') AND link_nonce <> ''
    ) AS own
    WHERE own.id = accounts_message.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_what_the_desk_asks"),
    ]

    operations = [migrations.RunSQL(OWN_PLACE, migrations.RunSQL.noop)]
