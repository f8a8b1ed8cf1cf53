"""Form fields with plain error messages, re-exported from ``accounts`` for the forms of this app."""

from accounts.forms.fields import AnyDay, Clock, Day, Line, Words

CONTACT_LENGTH = 500  # a name and an email at their longest, and some words

__all__ = ["CONTACT_LENGTH", "AnyDay", "Clock", "Day", "Line", "Words"]
