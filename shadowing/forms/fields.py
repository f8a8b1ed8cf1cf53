"""Fields that speak plainly, as every form of the site uses them (they are made in accounts)."""

from accounts.forms.fields import Clock, Day, Line, Words

__all__ = ["Clock", "Day", "Line", "Words"]
