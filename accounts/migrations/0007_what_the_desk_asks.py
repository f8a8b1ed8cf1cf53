from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_gathering'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('status', 'failed')), fields=['-dated'], name='message_that_failed'),
        ),
        migrations.AddIndex(
            model_name='waitingitem',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['since', 'id'], name='waiting_open_by_age'),
        ),
        migrations.AddIndex(
            model_name='waitingitem',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_on'], name='waiting_open_by_due'),
        ),
        migrations.AddIndex(
            model_name='waitingitem',
            index=models.Index(condition=models.Q(('closed_at__isnull', True), ('escalated_at__isnull', False)), fields=['since', 'id'], name='waiting_open_escalated'),
        ),
    ]
