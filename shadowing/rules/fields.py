"""Fields that speak plainly, as every form of the site uses them (they are made in accounts)."""

from accounts.forms.fields import AnyDay, Clock, Day, Line, Words

CONTACT_LENGTH = 500  # a name and an email at their longest, and some words

__all__ = ["CONTACT_LENGTH", "AnyDay", "Clock", "Day", "Line", "Words"]
