"""Mail that may still be sent names itself where its tokens go, as new mail does.

Failed mail is sent again by hand, and what is gathered goes alone if its message is taken apart. In a message
of several each link names its part already; only the address of its own choice does not.
"""

from django.db import migrations

OWN_PLACES = """
    UPDATE accounts_message SET
        text = replace(replace(text, bare.decide, own.decide), bare.mail, own.mail),
        html = replace(replace(html, bare.decide, own.decide), bare.mail, own.mail),
        action_url = replace(action_url, bare.decide, own.decide)
    FROM
        (SELECT '/decide/TOKENTOKENTOKEN/' AS decide, '/mail/MAILTOKENMAILTOKEN/' AS mail) AS bare,
        (
            SELECT
                id,
                CASE
                    WHEN link_nonce = '' THEN '/decide/TOKENTOKENTOKEN/'
                    ELSE '/decide/TOKENTOKENTOKEN' || replace(id::text, '-', '') || '/'
                END AS decide,
                '/mail/MAILTOKENMAILTOKEN' || replace(id::text, '-', '') || '/' AS mail
            FROM accounts_message
            WHERE status IN ('queued', 'sending', 'gathered', 'failed') AND text <> ''
        ) AS own
    WHERE own.id = accounts_message.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_what_the_desk_asks"),
    ]

    operations = [migrations.RunSQL(OWN_PLACES, migrations.RunSQL.noop)]
