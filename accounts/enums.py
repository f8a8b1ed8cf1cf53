"""Closed lists of words about people, waiting and mail."""

from django.db.models import TextChoices


class WorkingPattern(TextChoices):
    """How a person's week looks; the HR file uses the same words."""

    FULL_TIME = "full-time", "Full-time"
    PART_TIME = "part-time", "Part-time"
    SHIFTS = "shifts", "Shifts"


class MailRhythm(TextChoices):
    """How often a person wants mail that asks for no decision."""

    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Once a day, in one message"


class NextStep(TextChoices):
    """What the clock does next with something that waits."""

    REMIND = "remind", "A reminder goes"
    ESCALATE = "escalate", "The coordinator is asked to help"
    LAPSE = "lapse", "The request lapses"
    NOTHING = "nothing", "Nothing more happens by itself"


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


class How(TextChoices):
    """The way by which somebody acted."""

    PAGE = "page", "On the website"
    EMAIL_LINK = "email_link", "From the email"
    ON_BEHALF = "on_behalf", "On someone's behalf"
    ADMIN = "admin", "In the administration"
    SYSTEM = "system", "By the schedule"


class AuditKind(TextChoices):
    """What an office did."""

    LOOKED = "looked", "Looked at"
    CHANGED = "changed", "Changed"
    ACTED = "acted", "Acted for somebody"
    IMPORTED = "imported", "Imported"
    EXPORTED = "exported", "Exported"
    ERASED = "erased", "Erased"
    SIGNED_IN = "signed_in", "Sign-in and security"
