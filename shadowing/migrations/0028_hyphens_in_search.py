"""Words with a hyphen are found with and without it: “co-ordinator” is kept as “coordinator” as well.

The function of 0002 is replaced; offers that hold such a word are read again in batches. The release before
this one uses the same function and the same columns.
"""

from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 1000
WITH_JOINED = r"""
CREATE OR REPLACE FUNCTION shadowing_with_joined(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws(' ', words, (
        SELECT string_agg(replace(found[1], '-', ''), ' ')
        FROM regexp_matches(words, '[[:alpha:]]+(?:-[[:alpha:]]+)+', 'g') AS found
    ))
$$;
"""
FOUND_BY = """
CREATE OR REPLACE FUNCTION shadowing_offer_found_by() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    department text;
    topics text;
BEGIN
    SELECT min(s.starts_at), max(CASE WHEN s.by_arrangement THEN s.ends_at ELSE s.starts_at END)
        INTO NEW.first_at, NEW.last_at
        FROM shadowing_session s WHERE s.offer_id = NEW.id AND NOT s.cancelled;
    IF TG_OP = 'UPDATE' AND NEW.search IS NOT NULL
        AND (NEW.title, NEW.topics, NEW.department_id, NEW.will_see, NEW.will_learn)
            IS NOT DISTINCT FROM (OLD.title, OLD.topics, OLD.department_id, OLD.will_see, OLD.will_learn)
    THEN
        NEW.search := OLD.search;
        NEW.key_words := OLD.key_words;
        RETURN NEW;
    END IF;
    SELECT d.name INTO department FROM departments_department d WHERE d.id = NEW.department_id;
    topics := array_to_string(NEW.topics, ' ');
    NEW.search := setweight(to_tsvector('plain_english', shadowing_with_joined(NEW.title)), 'A')
        || setweight(to_tsvector('plain_english',
            shadowing_with_joined(topics || ' ' || coalesce(department, ''))), 'B')
        || setweight(to_tsvector('plain_english',
            shadowing_with_joined(NEW.will_see || ' ' || NEW.will_learn)), 'C');
    NEW.key_words := lower(unaccent(shadowing_with_joined(concat_ws(' ', NEW.title, topics, department))));
    RETURN NEW;
END $$;
"""
# The trigger fills what is emptied here. An offer is looked at once: the walk goes on after the last key.
READ_AGAIN = """
    WITH batch AS (
        SELECT id FROM shadowing_offer WHERE id > %s ORDER BY id LIMIT %s
    ), changed AS (
        UPDATE shadowing_offer SET search = NULL
        WHERE id IN (SELECT id FROM batch) AND (
            concat_ws(' ', title, array_to_string(topics, ' '), will_see, will_learn) ~ '[[:alpha:]]-[[:alpha:]]'
            OR department_id IN (SELECT id FROM departments_department WHERE name ~ '[[:alpha:]]-[[:alpha:]]')
        )
    )
    SELECT max(id::text) FROM batch
"""
FIRST = "00000000-0000-0000-0000-000000000000"


def read_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Batch by batch, each in a transaction of its own; running it again changes nothing."""
    connection = schema_editor.connection
    last: str | None = FIRST
    while last is not None:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(READ_AGAIN, [last, AT_ONCE])
            last = cursor.fetchone()[0]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shadowing", "0027_drafts_thrown_away")]

    operations = [
        migrations.RunSQL(WITH_JOINED, migrations.RunSQL.noop),
        migrations.RunSQL(FOUND_BY, migrations.RunSQL.noop),
        migrations.RunPython(read_again, migrations.RunPython.noop),
    ]
