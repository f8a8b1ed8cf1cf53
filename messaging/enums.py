"""Enumerations about mail."""

from django.db.models import TextChoices


class MessageStatus(TextChoices):
    """Status of a message in the outbox."""

    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DROPPED = "dropped", "No longer needed"
    FAILED = "failed", "Could not be sent"
    GATHERED = "gathered", "Part of another message"


UNSENT = (MessageStatus.QUEUED, MessageStatus.SENDING)


class Gathering(TextChoices):
    """Which digest a mail may be merged into; the others are sent alone."""

    ALONE = "", "Goes by itself"
    ASKS = "asks", "With others that ask for something"
    NEWS = "news", "With the news of the day"
