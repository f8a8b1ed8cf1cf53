"""Enumerations about mail."""

from django.db.models import TextChoices


class MessageStatus(TextChoices):
    """Where a message in the outbox stands."""

    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DROPPED = "dropped", "No longer needed"
    FAILED = "failed", "Could not be sent"
    GATHERED = "gathered", "Part of another message"


UNSENT = (MessageStatus.QUEUED, MessageStatus.SENDING)


class Gathering(TextChoices):
    """Which mails of one person may go out together as one message; the others go by themselves."""

    ALONE = "", "Goes by itself"
    ASKS = "asks", "With others that ask for something"
    NEWS = "news", "With the news of the day"
