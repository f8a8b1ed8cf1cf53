"""The outbox comes from ``accounts``: its table, rows and permissions stay; only their label changes.

The name of a trigger holds the label of its model, so the trigger is dropped and made again under the new
name, in one transaction. The running release before this one goes on reading and writing the same table.
"""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


OLD_TRIGGER = """
    DROP TRIGGER IF EXISTS pgtrigger_dropped_mail_has_no_words_df859 ON accounts_message;
    DROP FUNCTION IF EXISTS pgtrigger_dropped_mail_has_no_words_df859();
"""


def take_permissions_along(apps: Any, editor: Any) -> None:
    """Give the content type, and with it all permissions granted to groups and people, the new label."""
    _relabel(apps, editor, "accounts", "messaging")


def take_permissions_back(apps: Any, editor: Any) -> None:
    """The reverse of ``take_permissions_along``."""
    _relabel(apps, editor, "messaging", "accounts")


def _relabel(apps: Any, editor: Any, old: str, new: str) -> None:
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(editor.connection.alias)
    if not content_types.filter(app_label=new, model="message").exists():
        content_types.filter(app_label=old, model="message").update(app_label=new)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('accounts', '0017_message_moves_to_messaging'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('key', models.CharField(max_length=200, unique=True)),
                        ('template', models.CharField(max_length=80)),
                        ('to_email', models.EmailField(max_length=254)),
                        ('subject', models.CharField(max_length=250)),
                        ('text', models.TextField(blank=True)),
                        ('html', models.TextField(blank=True)),
                        ('calendar', models.TextField(blank=True)),
                        ('calendar_method', models.CharField(blank=True, max_length=10)),
                        ('link_nonce', models.CharField(blank=True, editable=False, max_length=64)),
                        ('department', models.CharField(blank=True, help_text='Which one it is about.', max_length=200)),
                        ('action_url', models.CharField(blank=True, editable=False, max_length=500)),
                        ('action_label', models.CharField(blank=True, editable=False, max_length=100)),
                        ('gathering', models.CharField(blank=True, choices=[('', 'Goes by itself'), ('asks', 'With others that ask for something'), ('news', 'With the news of the day')], default='', max_length=5)),
                        ('message_id', models.CharField(editable=False, max_length=200, unique=True)),
                        ('dated', models.DateTimeField(default=django.utils.timezone.now)),
                        ('status', models.CharField(choices=[('queued', 'Waiting to be sent'), ('sending', 'Being sent'), ('sent', 'Sent'), ('dropped', 'No longer needed'), ('failed', 'Could not be sent'), ('gathered', 'Part of another message')], default='queued', max_length=10)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('claim', models.UUIDField(blank=True, editable=False, null=True)),
                        ('leased_until', models.DateTimeField(blank=True, null=True)),
                        ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                        ('sent_at', models.DateTimeField(blank=True, null=True)),
                        ('last_error', models.CharField(blank=True, max_length=500)),
                        ('gathered_into', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='messaging.message')),
                        ('needed_while', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='accounts.waitingitem')),
                        ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'accounts_message',
                        'ordering': ('-dated', 'pk'),
                        'indexes': [models.Index(condition=models.Q(('status', 'queued')), fields=['not_before'], name='message_to_send'), models.Index(condition=models.Q(('status', 'sending')), fields=['leased_until'], name='message_being_sent'), models.Index(fields=['-dated'], name='message_newest'), models.Index(condition=models.Q(('status', 'failed')), fields=['-dated'], name='message_that_failed'), models.Index(condition=models.Q(('status', 'sent'), models.Q(('text', ''), _negated=True)), fields=['sent_at'], name='message_with_words'), models.Index(condition=models.Q(('status', 'gathered'), models.Q(('text', ''), _negated=True)), fields=['gathered_into'], name='message_part_with_words'), models.Index(condition=models.Q(('needed_while__isnull', False)), fields=['recipient', '-dated'], name='message_that_asks'), models.Index(condition=models.Q(('attempts', 0), ('status', 'queued'), models.Q(('gathering', ''), _negated=True)), fields=['recipient'], name='message_to_gather')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('status', 'sent')), models.Q(models.Q(('status', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='message_sent_has_its_time', violation_error_message='A sent message carries the time it was sent.'), models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('leased_until__isnull', False), ('status', 'sending')), models.Q(models.Q(('status', 'sending'), _negated=True), ('claim__isnull', True), ('leased_until__isnull', True)), _connector='OR'), name='message_claim_is_paired', violation_error_message='Only a message being sent is claimed, and for a limited time.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'gathered'), _negated=True), ('gathered_into__isnull', False), _connector='OR'), name='message_gathered_somewhere', violation_error_message='A gathered message is part of another.')],
                    },
                ),
            ],
        ),
        migrations.RunSQL(OLD_TRIGGER, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='dropped_mail_has_no_words', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" = \'dropped\')', func="\n    NEW.subject := 'No longer kept'; NEW.text := ''; NEW.html := ''; NEW.calendar := '';\n    NEW.department := ''; NEW.action_url := ''; NEW.action_label := ''; NEW.link_nonce := '';\n    RETURN NEW;\n", hash='ea6b76517c3d71de4ab4c093e7d1ec3db5042c48', operation='INSERT OR UPDATE', pgid='pgtrigger_dropped_mail_has_no_words_d84b7', table='accounts_message', when='BEFORE')),
        ),
        migrations.RunPython(take_permissions_along, take_permissions_back),
    ]
