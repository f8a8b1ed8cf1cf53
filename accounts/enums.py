"""Enumerations about people, waiting items and sign-in."""

from django.db.models import TextChoices


class WorkingPattern(TextChoices):
    """Pattern of a person's week; the HR file uses the same words."""

    FULL_TIME = "full-time", "Full-time"
    PART_TIME = "part-time", "Part-time"
    SHIFTS = "shifts", "Shifts"


class MailRhythm(TextChoices):
    """How often a person wants mail that asks for no decision."""

    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Once a day, in one message"


class NextStep(TextChoices):
    """Next step in a waiting item's plan."""

    REMIND = "remind", "A reminder goes"
    ESCALATE = "escalate", "The coordinator is asked to help"
    LAPSE = "lapse", "The request lapses"
    NOTHING = "nothing", "Nothing more happens by itself"


class How(TextChoices):
    """The way in which somebody acted."""

    PAGE = "page", "On the website"
    EMAIL_LINK = "email_link", "From the email"
    ON_BEHALF = "on_behalf", "On someone's behalf"
    ADMIN = "admin", "In the administration"
    SYSTEM = "system", "By the schedule"


class AuditKind(TextChoices):
    """Kind of audited act."""

    LOOKED = "looked", "Looked at"
    CHANGED = "changed", "Changed"
    ACTED = "acted", "Acted for somebody"
    IMPORTED = "imported", "Imported"
    EXPORTED = "exported", "Exported"
    ERASED = "erased", "Erased"
    SIGNED_IN = "signed_in", "Sign-in and security"


class NoEntry(TextChoices):
    """Why single sign-on opens no account, in the words shown to the person."""

    UNKNOWN = (
        "unknown",
        (
            "Nobody with this address is on the staff list here. If you have just started, it may come with "
            "the next update of the list; if not, ask HR or the people who run the scheme."
        ),
    )
    UNVERIFIED = (
        "unverified",
        (
            "Your organisation's sign-in does not say that this address is really yours, so it opens nothing "
            "here. Ask your IT service desk, or sign in with a code sent to your work email."
        ),
    )
    NO_EMAIL = (
        "no_email",
        (
            "Your organisation's sign-in did not tell us your work email, so we cannot know who you are. "
            "Ask your IT service desk, or sign in with a code sent to your work email."
        ),
    )
    OUTSIDE = (
        "outside",
        "This address belongs to another organisation. Sign in with the account of your work here.",
    )
    LEFT = (
        "left",
        (
            "The staff list says you no longer work here. If that is wrong, ask your line manager or HR to "
            "correct it."
        ),
    )
    ANOTHER = (
        "another",
        (
            "Your organisation's sign-in and the staff list do not agree about who you are. Nothing was "
            "opened. Ask the people who run the scheme to compare your email and staff number."
        ),
    )
    NOT_STARTED_HERE = (
        "not_started_here",
        (
            "This sign-in was not started in this browser, was finished already, or took too long. "
            "Please start again."
        ),
    )
    NOT_TRUSTED = (
        "not_trusted",
        (
            "The answer of your organisation's sign-in was not as it must be, so nobody was signed in. "
            "Please start again; if it happens again, tell your IT service desk."
        ),
    )
    AWAY = (
        "away",
        (
            "Your organisation's sign-in does not answer just now. Try again in a few minutes, or sign in "
            "with a code sent to your work email."
        ),
    )
    CANCELLED = ("cancelled", "You did not finish signing in. You can start again at any time.")
